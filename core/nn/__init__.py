"""The maths of a layer: activations, losses, optimizers and initial values, as functions of arrays."""
