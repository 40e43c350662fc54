"""danvan_kit: a Jupyter review toolkit for the ten-year programme of mass-mobilization work in Hanoi."""
