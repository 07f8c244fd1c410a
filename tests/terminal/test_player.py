import pytest

from interviewer.events import Answer, Event, Graded, Note, Probe, Question
from interviewer.grade import Advice
from interviewer.terminal.player import SPEEDS, Criterion, Focus, Part, Player
from interviewer.timeline import moments, paced

ENTRIES: list[tuple[float, Event]] = [
    (5, Question(text="Tell me about a failure.")),
    (15, Answer(text="I was late with the release.")),
    (17, Probe(target="owns", text="What was your part?", source="model")),
    (37, Answer(text="I did not ask anybody.", to="owns")),
    (38, Probe(target="growth", text="And since?", source="model")),
    (48, Answer(text="I ask two people.", to="growth")),
    (50, Graded(criteria={"owns": 3.0}, advice=[Advice(target="owns", text="Say it first.")])),
]
CRITERIA = (
    Criterion("Ownership", (Focus(1, "I was late"), Focus(3, "I did not ask"))),
    Criterion("Damage", ()),
)


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Watched:
    """A player, its clock and its keys."""

    def __init__(self, *, speed: float = 1.0, more: bool = False) -> None:
        self.clock = Clock()
        self.player = Player(
            paced(moments(ENTRIES)),
            parts=[Part(0, CRITERIA)],
            names=lambda _: {"owns": "Ownership"},
            speed=speed,
            more=more,
            clock=self.clock,
        )

    def after(self, seconds: float) -> int:
        """Return how many moments are shown so many seconds later."""
        self.clock.now_s += seconds
        self.player.advance()
        return self.player.shown

    def keys(self, *keys: str) -> int:
        for key in keys:
            self.player.press(key)
        return self.player.shown

    def typed(self, text: str) -> int:
        return self.keys("/", *text, "enter")


def test_each_moment_is_shown_when_it_is_due() -> None:
    watched = Watched()

    assert watched.player.shown == 1
    assert watched.player.wait_s == 10
    assert watched.after(9.99) == 1
    assert watched.after(0.02) == 2
    assert watched.player.wait_s == pytest.approx(1.99)
    assert watched.after(100) == 7
    assert watched.player.ended
    assert not watched.player.playing
    assert watched.player.wait_s is None
    assert watched.player.position_s == watched.player.length_s == 45


def test_a_late_drawing_makes_nothing_later() -> None:
    watched = Watched()

    assert watched.after(11) == 2  # a second late
    assert watched.player.wait_s == 1
    assert watched.after(1) == 3


def test_speed_divides_every_pause() -> None:
    watched = Watched(speed=4)

    assert watched.player.wait_s == 2.5
    assert watched.after(2.5) == 2


def test_space_pauses_and_goes_on_where_it_was() -> None:
    watched = Watched()
    watched.after(4)
    watched.keys(" ")

    assert watched.player.wait_s is None
    assert watched.after(500) == 1
    watched.keys(" ")
    assert watched.player.wait_s == 6


def test_space_at_the_end_begins_again() -> None:
    watched = Watched()
    watched.after(100)

    assert watched.keys(" ") == 1
    assert watched.player.playing
    assert watched.after(10) == 2
    assert watched.player.furthest == 7


def test_dot_and_comma_step_and_pause() -> None:
    watched = Watched()

    assert watched.keys(".", ".") == 3
    assert not watched.player.playing
    assert watched.keys(",") == 2
    assert watched.keys(",", ",", ",") == 1
    assert watched.keys(*"........") == 7
    assert watched.player.ended


def test_after_a_step_it_plays_on_from_there() -> None:
    watched = Watched()
    watched.keys(".", ".", " ")

    assert watched.player.position_s == 12
    assert watched.player.wait_s == 20


def test_arrows_go_by_turn_and_play_on() -> None:
    watched = Watched()

    assert watched.keys("right") == 3
    assert watched.player.playing
    assert watched.player.wait_s == 20
    assert watched.keys("right") == 5
    assert watched.keys("right") == 7
    assert watched.keys("left") == 5
    assert watched.keys("left") == 3
    watched.keys(".")
    assert watched.keys("left") == 3
    assert watched.keys("left", "left") == 1
    assert watched.keys("end") == 7
    assert watched.keys("home") == 1


def test_a_digit_leads_to_the_evidence_and_again_to_the_next() -> None:
    watched = Watched()

    assert watched.keys("1") == 2
    assert watched.player.focus == Focus(1, "I was late")
    assert watched.player.message == "Ownership: evidence 1 of 2"
    assert not watched.player.playing
    assert watched.keys("1") == 4
    assert watched.player.message == "Ownership: evidence 2 of 2"
    assert watched.keys("1") == 2
    assert watched.keys(".", "1") == 2


def test_a_digit_without_evidence_says_so_and_stays() -> None:
    watched = Watched()

    assert watched.keys("2") == 1
    assert watched.player.message == "Damage: there is no evidence for it here"
    assert watched.player.playing
    assert watched.keys("9") == 1
    assert watched.player.message == "there is no criterion 9"
    watched.keys("0", "x", "\N{SUPERSCRIPT TWO}", "", "unknown")
    assert watched.player.message == ""


def test_plus_and_minus_change_the_speed_and_not_the_place() -> None:
    watched = Watched()
    watched.after(5)
    watched.keys("+")

    assert watched.player.speed == 1.5
    assert watched.player.position_s == 5
    assert watched.player.wait_s == pytest.approx(5 / 1.5)
    watched.keys("=", "-", "-", "-")
    assert watched.player.speed == 0.5
    watched.keys(*"-" * 20)
    assert watched.player.speed == SPEEDS[0]
    watched.keys(*"+" * 20)
    assert watched.player.speed == SPEEDS[-1]


def test_a_speed_that_was_given_goes_on_from_there() -> None:
    watched = Watched(speed=2.5)

    watched.keys("+")
    assert watched.player.speed == 3
    watched.keys("-", "-")
    assert watched.player.speed == 1.5


def test_a_search_goes_to_the_next_place_and_round_the_end() -> None:
    watched = Watched()

    assert watched.typed("i  DID not") == 4
    assert watched.player.focus == Focus(3, "i  DID not")
    assert watched.typed("your part") == 3
    assert watched.player.message == "/your part  1 of 1"
    assert watched.typed("a") == 4
    assert watched.keys("n") == 5
    assert watched.keys("N", "N") == 3
    assert watched.keys("home", "N") == 7


def test_a_search_finds_what_the_grade_says_and_its_names() -> None:
    assert Watched().typed("say it first") == 7
    assert Watched().typed("ownership") == 7


def test_a_search_for_what_is_nowhere_says_so_and_stays() -> None:
    watched = Watched()

    assert watched.typed("elephant") == 1
    assert watched.player.message == "nowhere: elephant"
    assert watched.player.focus is None


def test_while_a_search_is_typed_keys_are_letters() -> None:
    watched = Watched()
    watched.keys("/", *"q1 ,", "left", "backspace")

    assert watched.player.typed == "q1 "
    assert watched.player.leaving is None
    watched.keys("escape")
    assert watched.player.typed is None
    watched.keys("/", "backspace")
    assert watched.player.typed is None
    watched.keys("/", "enter")
    assert watched.player.message == ""
    watched.keys("/", "c-c")
    assert watched.player.leaving == "interrupted"


def test_scrolling_pauses_and_a_new_moment_is_seen_at_once() -> None:
    watched = Watched()
    watched.player.page = 5
    watched.keys("up", "pageup")

    assert watched.player.scroll == 6
    assert not watched.player.playing
    watched.keys("pagedown", "down", "down")
    assert watched.player.scroll == 0
    watched.keys("up", ".")
    assert watched.player.scroll == 0


def test_leaving_says_how() -> None:
    for key, how in (("q", "left"), ("c-c", "interrupted")):
        watched = Watched()
        watched.keys(key)
        assert watched.player.leaving == how


def test_tab_goes_to_the_next_file_where_there_is_one() -> None:
    alone, followed = Watched(), Watched(more=True)
    alone.keys("tab")
    followed.keys("tab")

    assert alone.player.leaving is None
    assert followed.player.leaving == "next"


def test_time_stands_still_while_the_program_is_stopped() -> None:
    watched = Watched()
    watched.after(4)
    watched.player.freeze()
    watched.clock.now_s += 3600
    watched.player.thaw()

    assert watched.player.position_s == 4
    watched.keys(" ")
    watched.player.freeze()
    watched.player.thaw()
    assert watched.after(100) == 1


def test_of_nothing_nothing_is_played() -> None:
    player = Player([], clock=Clock())
    for key in (" ", ".", ",", "left", "right", "1", "+", "up", "end", "n", "/", "x", "enter"):
        player.press(key)

    assert (player.shown, player.playing, player.wait_s) == (0, False, None)


def test_what_the_grade_says_is_searched_only_where_there_is_a_text() -> None:
    player = Player(paced(moments([(0, Note(text="one")), (1, Note(text="two"))])), clock=Clock())
    for key in ("/", *"two", "enter"):
        player.press(key)

    assert player.shown == 2
