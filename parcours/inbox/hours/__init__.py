"""When the team works: named hours with holidays, and time counted in them."""
