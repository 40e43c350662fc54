"""Forms in and out: the spreadsheets that offices send become observations, questions and problems; blank forms go out.

Data flows one way: `isolated` reads a file in a `child` process into a `raw` book; `grid` finds the table in a sheet by
the words of a layout (`layouts`); `figures` decides what each column's figures say; `read` puts them together; `keep`
files them in a folder. This package itself imports nothing, so that the child starts fast.
"""
