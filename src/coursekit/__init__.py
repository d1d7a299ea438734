"""Build and grade courses of Jupyter notebooks, with the tests sealed off from student code."""
