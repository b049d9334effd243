"""Our own numbers, frozen, so that a diff shows what a change did to results."""
