"""Drawing as pure functions, with no app and no widget.

Each ``draw_…`` function takes values, a palette, and the width in cells and the height in lines. It returns
``height`` strips of exactly ``width`` cells.
"""
