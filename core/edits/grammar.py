"""The syntax of live changes: for each kind of change an example, a line of help, a pattern and a parser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nn_tui.core.edits import parsers
from nn_tui.core.edits.common import EditFunction
from nn_tui.core.edits.parsers import Groups
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.translation import Message, message


@dataclass(frozen=True, slots=True)
class EditSyntax:
    """The syntax of one kind of change.

    Attributes:
        name: The kind of change.
        example: A text that works.
        help: A short sentence that says what it does.
        pattern: A regular expression that matches the whole text in lower case.
        parse: Turns the pattern's named groups and the selected data row (from 0) into a change. Raises InputError if
            a group is not valid.
    """

    name: str
    example: str
    help: Message
    pattern: str
    parse: Callable[[Groups, int], EditFunction]


OPTIONS = tuple(dict.fromkeys(option for optimizer in OPTIMIZERS.values() for option in optimizer.defaults))


_VALUE = r"(?:\s*=\s*|\s+|$)(?P<value>.*)"  # "= 0.1", " 0.1", or nothing: the parser then asks for a value
_IN_LAYER = r"(?:(?:of|in|from|to)\s+)?(?:layer\s+)?(?P<layer>[0-9]{1,6})"
_LAYER_NUMBER = r"\s*(?P<layer>[0-9]{1,6})?"

EDITS: dict[str, EditSyntax] = {
    syntax.name: syntax
    for syntax in (
        EditSyntax("weight", "w1[2,1] = 0.3", message("Set one weight: layer 1, unit 2, input 1."),
            r"(?P<address>w[0-9]+\s*\[[^\[\]]*\])" + _VALUE, parsers.parse_number),
        EditSyntax("weights", "w2 = [[0.2, -0.4, 1/3, 0]]",
            message("Set all weights of layer 2: a row for each unit, a number for each input."),
            r"(?P<address>w[0-9]+)" + _VALUE, parsers.parse_array),
        EditSyntax("bias", "b1[2] = 0", message("Set one bias: layer 1, unit 2."),
            r"(?P<address>b[0-9]+\s*\[[^\[\]]*\])" + _VALUE, parsers.parse_number),
        EditSyntax("biases", "b1 = -0.4 0.2 0 0", message("Set all biases of layer 1: a number for each unit."),
            r"(?P<address>b[0-9]+)" + _VALUE, parsers.parse_array),
        EditSyntax("input", "x2 = 0.5", message("Set one input of the selected sample."),
            r"(?P<address>x\s*(?:[0-9]+|\[[^\]]*\]))" + _VALUE, parsers.parse_number),
        EditSyntax("target", "y1 = 1", message("Set one target of the selected sample."),
            r"(?P<address>y\s*(?:[0-9]+|\[[^\]]*\]))" + _VALUE, parsers.parse_number),
        EditSyntax("all inputs", "x = 1 0", message("Set all inputs of the selected sample."),
            r"(?P<letter>x)(?:\s*=\s*(?P<value>.*)|$)", parsers.parse_sample),
        EditSyntax("all targets", "y = 1", message("Set all targets of the selected sample."),
            r"(?P<letter>y)(?:\s*=\s*(?P<value>.*)|$)", parsers.parse_sample),
        EditSyntax("learning rate", "eta = 0.1", message("Set the learning rate η."),
            r"(?:eta|lr|learning[ _-]?rate)" + _VALUE, parsers.parse_eta),
        EditSyntax("optimizer", "optimizer = adam 0.01",
            message("Choose another optimiser; a number after its name is η."),
            r"(?:optimi[sz]er|opt)" + _VALUE, parsers.parse_optimizer),
        EditSyntax("optimiser option", "momentum = 0.8",
            message("Set an option of the optimiser: {options}.", options=", ".join(OPTIONS)),
            rf"(?P<name>{'|'.join(OPTIONS).replace('_', '[ _-]')})" + _VALUE, parsers.parse_option),
        EditSyntax("schedule", "schedule = cosine T_max=50",
            message("Choose the schedule of η: {schedules}. Write per=epoch to count epochs.",
                    schedules=", ".join(SCHEDULES)),
            r"schedule" + _VALUE, parsers.parse_schedule),
        EditSyntax("warm-up", "warmup = 20",
            message("Raise η linearly over 20 updates (start_factor=0.1 may follow); 0 for no warm-up."),
            r"warm[ _-]?up" + _VALUE, parsers.parse_warmup),
        EditSyntax("loss", "loss = mean_squared_error", message("Choose another loss."),
            r"loss" + _VALUE, parsers.parse_loss),
        EditSyntax("activation", "activation 1 = relu", message("Choose the activation of layer 1."),
            r"act(?:ivation)?" + _LAYER_NUMBER + _VALUE, parsers.parse_activation),
        EditSyntax("batch size", "batch = 2", message("Set the number of rows per pass; write full for all rows."),
            r"batch(?:[ _-]?size)?" + _VALUE, parsers.parse_batch),
        EditSyntax("shuffle", "shuffle = off", message("Shuffle the rows before each epoch, or not."),
            r"shuffle" + _VALUE, parsers.parse_shuffle),
        EditSyntax("reduction", "reduction = sum", message("Take the mean or the sum of the loss over the batch."),
            r"reduction" + _VALUE, parsers.parse_reduction),
        EditSyntax("l1", "l1 = 0.001", message("Add the penalty l1·Σ|w| to the loss."),
            r"(?P<name>l1)" + _VALUE, parsers.parse_penalty),
        EditSyntax("l2", "l2 = 0.01", message("Add the penalty ½·l2·Σw² to the loss."),
            r"(?P<name>l2)" + _VALUE, parsers.parse_penalty),
        EditSyntax("noise", "noise = 0.2", message("Set the noise of generated data."),
            r"noise" + _VALUE, parsers.parse_noise),
        EditSyntax("samples", "samples = 300", message("Set the number of generated samples."),
            r"samples" + _VALUE, parsers.parse_sample_count),
        EditSyntax("standardize", "standardize = on",
            message("Scale the inputs to mean 0 and standard deviation 1, or not."),
            r"standardi[sz]e(?![_ ]target)" + _VALUE, parsers.parse_standardize),
        EditSyntax("standardize_target", "standardize_target = on",
            message("Scale targets that are numbers to mean 0 and standard deviation 1, or not."),
            r"standardi[sz]e[_ ]targets?" + _VALUE, parsers.parse_standardize_target),
        EditSyntax("rows", "data = 0 1 -> 1; 1 1 -> 0",
            message("Replace the data: inputs -> targets for each sample, with ; between the samples."),
            r"data\s*=\s*(?P<value>.*)", parsers.parse_rows_of_data),
        EditSyntax("data seed", "data seed = 5",
            message("Draw the data again from a seed; without a number, from the next seed."),
            r"(?:data seed|regenerate(?: data)?|data)" + _VALUE, parsers.parse_data_seed),
        EditSyntax("seed", "seed = 5",
            message("Draw all initial weights again from a seed; without a number, from the next seed."),
            r"seed" + _VALUE, parsers.parse_seed),
        EditSyntax("initialisation", "init = he_normal",
            message("Draw the weights of all layers again, or of one: init 1 = normal std=0.1."),
            r"init(?:iali[sz]ation)?" + _LAYER_NUMBER + r"\s*(?:=|\s)\s*(?P<value>\S.*)", parsers.parse_init),
        EditSyntax("inputs", "inputs = 3",
            message("Set the number of inputs of typed data; a new input is 0 in each sample."),
            r"inputs?" + _VALUE, parsers.parse_inputs),
        EditSyntax("units", "units 1 = 6",
            message("Set the number of units of layer 1; the other units keep their weights."),
            r"units?" + _LAYER_NUMBER + _VALUE, parsers.parse_units),
        EditSyntax("add units", "add 2 units to layer 1", message("Add units at the end of a layer."),
            r"add\s+(?:(?P<count>[0-9]{1,6})\s+)?units?\s+" + _IN_LAYER, parsers.parse_add_units),
        EditSyntax("remove unit", "remove unit 2 of layer 1", message("Remove one unit of a layer."),
            r"remove\s+unit\s+(?P<unit>[0-9]{1,6})\s+" + _IN_LAYER, parsers.parse_remove_unit),
        EditSyntax("add layer", "add layer 2 4 relu", message("Add a hidden layer with 4 units as layer 2."),
            r"add\s+layer\s+(?P<layer>[0-9]{1,6})\s+(?P<units>[0-9]{1,9})(?:\s+(?P<activation>.*))?",
            parsers.parse_add_layer),
        EditSyntax("remove layer", "remove layer 1", message("Remove a hidden layer."),
            r"remove\s+layer\s+(?P<layer>[0-9]{1,6})", parsers.parse_remove_layer),
        EditSyntax("freeze", "freeze w1",
            message("Freeze the weights of layer 1; write b1 for its biases."),
            r"(?P<verb>freeze)\s+(?P<key>[wb])(?P<layer>[0-9]{1,6})", parsers.parse_freeze),
        EditSyntax("unfreeze", "unfreeze w1", message("Train the frozen weights of layer 1 again."),
            r"(?P<verb>unfreeze)\s+(?P<key>[wb])(?P<layer>[0-9]{1,6})", parsers.parse_freeze),
    )
}  # fmt: skip
