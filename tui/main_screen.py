"""The one main screen: it owns the session, turns keys into moves, and shows the result everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker, WorkerCancelled, WorkerFailed, get_current_worker

from nn_tui.core.errors import InputError
from nn_tui.core.gradcheck import GradientCheck, gradient_check
from nn_tui.core.preset import find_preset, load_experiment
from nn_tui.core.refs import Ref
from nn_tui.core.spec import Experiment
from nn_tui.tui import session as moves
from nn_tui.tui.draw.matrix import first_cell, move
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.hangul import is_hangul, typed
from nn_tui.tui.keys import KEYS, bindings
from nn_tui.tui.panel import LayerPanel, Panel, draw_network_panel, network_hit
from nn_tui.tui.screens.ask import Ask
from nn_tui.tui.screens.help import Help
from nn_tui.tui.screens.picker import Picker
from nn_tui.tui.screens.text import TextScreen
from nn_tui.tui.session import SPEEDS, TABS, Session
from nn_tui.tui.training import FRAMES_PER_SECOND, Finished, Frame, Training, train
from nn_tui.tui.views import arithmetic, footer, inspect, loss, output, where
from nn_tui.tui.views import layer as layer_view

Move = Callable[[Session], Session]
LATIN_KEYS = {name: key.action for key in KEYS for name in key.keys.split(",") if len(name) == 1}


class MainScreen(Screen[None]):
    """Seven views of one session. Every key is one move: pause if running, move, show."""

    BINDINGS = bindings()
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (160, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__()
        self.session = session
        self.palette = palette
        self._training: Training | None = None
        self._worker: Worker[None] | None = None
        self._timer: Timer | None = None
        self._told_hangul = False

    def compose(self) -> ComposeResult:
        """One tree for every size; the style sheet decides what is shown where."""
        p = self.palette
        yield Panel(p, where.header, id="header")
        yield Panel(p, where.phases, id="phases")
        yield Panel(p, where.tabs, id="tabs")
        with Vertical(id="main"):
            with Horizontal(id="top"):
                yield Panel(p, draw_network_panel, lambda *_: "Network", id="network")
                yield LayerPanel(p, id="layer")
                yield Panel(p, output.draw, output.title, id="output")
            with Horizontal(id="bottom"):
                yield Panel(p, arithmetic.draw, arithmetic.title, id="arithmetic")
                yield Panel(p, loss.draw, loss.title, id="loss", depends=loss.depends)
        yield Panel(p, where.timeline, id="timeline")
        yield Panel(p, where.words, id="words")
        yield Panel(p, footer.draw, id="footer")

    def on_mount(self) -> None:
        """Show the first moment."""
        self._set_classes()
        self.show(self.session)

    # Showing

    def show(self, session: Session) -> None:
        """Make ``session`` the one on screen."""
        changed = (session.tab, session.maximised) != (self.session.tab, self.session.maximised)
        self.session = session
        if changed:
            self._set_classes()
        for panel in self.query(Panel):
            panel.show(session)

    def _set_classes(self) -> None:
        for tab in TABS:
            self.set_class(self.session.tab == tab, f"tab-{tab}")
        self.set_class(self.session.maximised, "-maximised")
        self.call_after_refresh(self._show_again)

    def _show_again(self) -> None:
        self.show(self.session)

    # Moving

    async def _move(self, make: Move) -> None:
        """One key press: pause, make the move, show it."""
        await self.pause()
        self.show(make(self.session))

    def _look(self, make: Move) -> None:
        """A key that changes only what is looked at; training goes on."""
        self.show(make(self.session))

    async def action_forward(self) -> None:
        """Run the forward pass."""
        await self._move(moves.forward)

    async def action_backward(self) -> None:
        """Run the backward pass."""
        await self._move(moves.backward)

    async def action_update(self) -> None:
        """Update the parameters."""
        await self._move(moves.update)

    async def action_next_stop(self) -> None:
        """Go on one stop."""
        await self._move(moves.next_stop)

    async def action_previous_stop(self) -> None:
        """Go back one stop."""
        await self._move(moves.previous_stop)

    async def action_whole_pass(self) -> None:
        """Go on one pass."""
        await self._move(moves.whole_pass)

    async def action_whole_pass_back(self) -> None:
        """Go back one pass."""
        await self._move(moves.whole_pass_back)

    async def action_restart(self) -> None:
        """Go to the start."""
        await self._move(moves.restart)

    async def action_new_seed(self) -> None:
        """Draw new initial weights."""
        await self._move(moves.new_seed)

    def action_zoom(self) -> None:
        """Change the zoom."""
        self._look(moves.next_zoom)

    def action_digits(self) -> None:
        """Change the digits shown."""
        self._look(moves.next_digits)

    def action_log(self) -> None:
        """Switch the loss plot's scale."""
        self._look(lambda s: replace(s, log=not s.log, message=f"The loss is {'linear' if s.log else 'logarithmic'}."))

    def action_layer_back(self) -> None:
        """Show the layer before."""
        self._look(lambda s: moves.change_layer(s, -1))

    def action_layer_on(self) -> None:
        """Show the layer after."""
        self._look(lambda s: moves.change_layer(s, 1))

    def action_sample_back(self) -> None:
        """Show the sample before."""
        self._look(lambda s: moves.change_sample(s, -1))

    def action_sample_on(self) -> None:
        """Show the next sample."""
        self._look(lambda s: moves.change_sample(s, 1))

    def action_tab(self, index: int) -> None:
        """Choose a view."""
        self._look(lambda s: replace(s, tab=TABS[index], message=""))

    def action_next_tab(self) -> None:
        """Choose the next view."""
        self.action_tab((TABS.index(self.session.tab) + 1) % len(TABS))

    def action_maximise(self) -> None:
        """Let the chosen view fill the screen, or not."""
        self._look(lambda s: replace(s, maximised=not s.maximised, message=""))

    def action_move(self, down: int, right: int) -> None:
        """Move the selection within the layer's matrices."""
        session = self.session
        plan = layer_view.plan(session, self.palette.glyphs, self.query_one(LayerPanel).size.width)
        cell = layer_view.cell_of(session)
        target = first_cell(plan) if cell is None else move(plan, cell, down, right)
        if target is not None:
            self._look(lambda s: moves.select(s, layer_view.ref_of(s, target)))

    # Running

    async def action_run(self) -> None:
        """Run, or pause."""
        if self.session.running:
            await self.pause()
        else:
            self._start()

    async def action_faster(self) -> None:
        """Run faster."""
        await self._change_speed(1)

    async def action_slower(self) -> None:
        """Run slower."""
        await self._change_speed(-1)

    async def _change_speed(self, step: int) -> None:
        was_running = self.session.running
        await self.pause()
        self.show(moves.change_speed(self.session, step))
        if was_running:
            self._start()

    def _start(self, target: int | None = None) -> None:
        """Start running at the session's speed; with a target flat out, up to that update."""
        divergence = self.session.run.divergence
        if divergence and self.session.updates_done >= divergence.update:
            self.show(moves.say(self.session, moves.hint(self.session)))
            return
        speed = SPEEDS[self.session.speed]
        self.show(replace(self.session, running=True, message=""))
        if target is None and (speed.stops or speed.passes):
            make = moves.next_stop if speed.stops else moves.whole_pass
            self._timer = self.set_interval(1 / (speed.stops or speed.passes or 1), partial(self._tick, make))
            return
        self._training = Training(self.session.run)
        self._worker = self._train(self._training, target)
        self._timer = self.set_interval(1 / FRAMES_PER_SECOND, self._ask_for_frame)

    @work(thread=True, exclusive=True, group="training")
    def _train(self, training: Training, target: int | None) -> None:
        # The app cancels its workers when it ends, however it ends.
        worker = get_current_worker()
        train(training, self.session.updates_done, target, self, lambda: worker.is_cancelled)

    def _tick(self, make: Move) -> None:
        """One stop or pass of a slow run."""
        before = self.session
        after = make(before)
        if after.trace is before.trace and after.at == before.at:
            self._stop_timer()
            after = replace(after, running=False)
        self.show(after)

    def _ask_for_frame(self) -> None:
        """Ask the worker for its newest pass, unless the terminal is still busy with the last frame."""
        if self._training is not None and self._drained():
            self._training.want.set()

    def _drained(self) -> bool:
        # Textual's writer thread queues frames and then blocks the app; a slow terminal is better shown fewer.
        writer = getattr(self.app._driver, "_writer_thread", None)
        return writer is None or writer._queue.empty()

    @on(Frame)
    def _show_frame(self, message: Frame) -> None:
        if message.training is not self._training:
            message.training.run.release(message.trace)
            return
        self._show_trace(message)

    def _show_trace(self, message: Frame) -> None:
        session = self.session
        session.run.release(session.trace)
        shown = replace(session, trace=message.trace, at=session.course.end, message="")
        self.show(replace(shown, ref=moves.clamped(shown, shown.ref)))

    @on(Finished)
    async def _finished(self) -> None:
        if self._training is not None:
            await self.pause()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    async def pause(self) -> None:
        """Stop running, wait for the worker, and stand where it stopped."""
        self._stop_timer()
        training, worker = self._training, self._worker
        if training is not None and worker is not None:
            training.stop.set()
            try:
                await worker.wait()
            except (WorkerCancelled, WorkerFailed):
                return
            if training is not self._training:
                return  # a second key waited for the same worker, and the first one has done the rest
            self._training = self._worker = None
            run = self.session.run
            paused = replace(self.session, running=False)
            self.show(moves.goto(paused, run.position))
        elif self.session.running:
            self.show(replace(self.session, running=False))

    def stop_training(self) -> None:
        """Tell a running worker to end; for leaving."""
        if self._training is not None:
            self._training.stop.set()

    # Other screens

    @work
    async def action_goto(self) -> None:
        """Ask for an update and stand there."""
        await self.pause()
        reached = self.session.run.reached
        answer = await self.app.push_screen_wait(
            Ask(
                "Go to update",
                f"0 is the start, {reached} the furthest so far; a larger one trains up to it.",
                _whole_number,
            )
        )
        if answer is None:
            return
        target = int(answer)
        if target <= reached:
            self.show(moves.goto(self.session, target))
        else:
            self.show(moves.goto(self.session, reached))
            self._start(target)

    @work
    async def action_presets(self) -> None:
        """Pick a preset and open it."""
        await self.pause()
        chosen = await self.app.push_screen_wait(Picker(self.session.experiment.preset.id, self.palette))
        if chosen is not None:
            await self.open_preset(chosen)

    async def open_preset(self, name: str) -> None:
        """Open a preset by id or path; a bad one is explained and the run on screen stays."""
        await self.pause()
        try:
            experiment = load_experiment(find_preset(name))
        except InputError as error:
            self.show(moves.say(self.session, str(error)))
            return
        self.open_experiment(experiment)

    def open_experiment(self, experiment: Experiment) -> None:
        """Start over with another experiment; the view settings stay."""
        old = self.session
        fresh = moves.start(
            experiment,
            digits=old.digits,
            zoom=old.zoom,
            tab=old.tab,
            maximised=old.maximised,
            log=old.log,
            speed=old.speed,
        )
        self.show(moves.say(fresh, experiment.preset.notes or experiment.preset.summary))

    async def action_inspect(self) -> None:
        """Show everything about the selected number, which holds still for it."""
        await self.pause()
        session = self.session
        self.app.push_screen(
            TextScreen(
                inspect.title(session), lambda width: inspect.document(session, self.palette, width), self.palette
            )
        )

    def action_help(self) -> None:
        """Show the keys."""
        self.app.push_screen(Help(self.palette))

    @work(exclusive=True, group="check")
    async def action_check(self) -> None:
        """Check the gradients of the pass on screen."""
        await self.pause()
        session = self.session
        if session.at < session.course.after("backward"):
            self.show(moves.say(session, "No gradients to check yet: run backward (b) first."))
            return
        self.show(moves.say(session, "Checking every gradient against central differences…"))
        session.trace.holders += 1  # stepping on must not write over what is being checked
        try:
            result = await self._check(session).wait()
        finally:
            session.run.release(session.trace)
        self.show(moves.say(self.session, inspect.check_sentence(result)))
        self.app.push_screen(
            TextScreen(
                "Gradient check",
                lambda width: inspect.check_document(result, session, self.palette, width),
                self.palette,
            )
        )

    @work(thread=True, exclusive=True, group="gradients")
    def _check(self, session: Session) -> GradientCheck:
        worker = get_current_worker()
        return gradient_check(session.engine, session.trace, lambda: worker.is_cancelled)

    async def action_quit(self) -> None:
        """Leave."""
        self.stop_training()
        self.app.exit()

    # Mouse, and keys that an input method changed

    @on(LayerPanel.Selected)
    def _select_cell(self, message: LayerPanel.Selected) -> None:
        self._look(lambda s: moves.select(s, layer_view.ref_of(s, message.cell)))

    @on(Panel.Clicked, "#network")
    def _select_unit(self, message: Panel.Clicked) -> None:
        found = network_hit(message.panel, self.session, message.x, message.y)
        if found is not None:
            layer, unit = found
            sample = self.session.ref.sample
            ref = Ref("a", layer - 1, unit, 0, sample) if layer else Ref("x", 0, unit, 0, sample)
            self._look(lambda s: moves.select(s, ref))

    @on(Panel.Clicked, "#timeline")
    async def _scrub(self, message: Panel.Clicked) -> None:
        await self._move(lambda s: moves.goto(s, where.timeline_hit(s, message.x, message.panel.size.width)))

    @on(Panel.Clicked, "#tabs")
    def _click_tab(self, message: Panel.Clicked) -> None:
        index = where.tab_hit(message.x)
        if index is not None:
            self.action_tab(index)

    @on(Panel.Clicked, "#footer")
    async def _click_key(self, message: Panel.Clicked) -> None:
        action = footer.hit(self.session, self.palette, message.x, message.panel.size.width)
        if action is not None:
            await self.run_action(action)

    async def on_key(self, event: events.Key) -> None:
        """Keys that no binding took: Hangul, full-width letters, and capitals that are unbound."""
        character = event.character
        if character is None or (character.isascii() and not character.isupper()):
            return
        keys = typed(character)
        for key in keys:
            action = LATIN_KEYS.get(key) or LATIN_KEYS.get(key.lower()) or ("next_stop" if key == " " else None)
            if action is not None:
                event.stop()
                await self.run_action(action)
        if is_hangul(character) and not self._told_hangul:
            self._told_hangul = True
            self.show(
                moves.say(
                    self.session,
                    "한글 입력 상태입니다: 한/영 키를 누르면 영문으로 바뀝니다. Keys work in Hangul mode too.",
                )
            )


def _whole_number(text: str) -> str | None:
    """What is wrong with an update number; None if nothing."""
    cleaned = text.strip().replace(",", "").replace("_", "")
    if not cleaned.isascii() or not cleaned.isdigit():
        return "Write a whole number, 0 or more."
    return "At most 100,000,000." if int(cleaned) > 100_000_000 else None
