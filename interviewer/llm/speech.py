"""A reply while it is spoken: the events of one stream as pieces of text."""

from openai import AsyncStream

from interviewer.llm.replies import Chunk, CutOffError, GarbledError, parse_chunk


class Speech:
    """One stream, from its first words to its end.

    A stream is whole when a reason for its end, or its usage, was told. Otherwise the endpoint
    went away in the middle, however orderly the connection was closed.
    """

    def __init__(self, chunks: AsyncStream[object]) -> None:
        self.said = ""
        self.last = Chunk()
        """Usage and timings, once they are told."""
        self._first = ""
        self._ended = False
        self._chunks = chunks

    async def begin(self) -> None:
        """Wait for the first words; on any failure the connection is closed.

        Raises:
            CutOffError: The stream ended before any.
            GarbledError: Nothing was said, or it is no stream of a chat completion.
            WithheldError: The model refused.
        """
        try:
            self._first = await self._read()
            if not self._first:
                raise GarbledError("the model said nothing")
        except BaseException:
            await self.aclose()
            raise

    async def next(self) -> str:
        """Return the next piece; empty at the end.

        Raises:
            CutOffError: The stream broke off.
            GarbledError: It is no stream of a chat completion.
            WithheldError: The endpoint stopped the reply.
        """
        piece, self._first = self._first or await self._read(), ""
        self.said += piece
        return piece

    async def aclose(self) -> None:
        """Close the connection, which makes the endpoint stop."""
        await self._chunks.close()

    async def _read(self) -> str:
        while (chunk := await self._chunk()) is not None:
            self._note(chunk)
            if text := "".join(choice.delta.content or "" for choice in chunk.choices):
                return text
        if not self._ended:
            raise CutOffError("the stream ended in the middle")
        return ""

    async def _chunk(self) -> Chunk | None:
        try:
            return parse_chunk(await anext(self._chunks))
        except StopAsyncIteration:
            return None
        except ValueError as error:  # a line that is no JSON, or no text
            raise GarbledError("an event of the stream is no JSON") from error

    def _note(self, chunk: Chunk) -> None:
        self._ended = self._ended or bool(
            chunk.usage or any(choice.finish_reason for choice in chunk.choices)
        )
        self.last = Chunk(
            usage=chunk.usage or self.last.usage, timings=chunk.timings or self.last.timings
        )
