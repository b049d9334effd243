"""Text of Vensim files: entries, variables, units and limits as their author wrote them."""
