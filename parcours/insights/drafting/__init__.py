"""A first canvas from a log: stages, touchpoints, moments, actions, needs and a line of emotion."""
