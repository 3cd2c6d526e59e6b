"""juesuan: builds the yearly 部门决算 (departmental final accounts) document from facts and a Word form."""

__version__ = "0.1.0"
