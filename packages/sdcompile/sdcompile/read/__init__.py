"""Model files read: Vensim text or XMILE to equations with every subscript resolved."""
