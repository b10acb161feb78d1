"""Queues of one kind of call in closed form: Erlang B, C and A, their inverses and the square-root rules.

Erlang B loses who finds all agents busy, Erlang C lets everybody wait for ever, Erlang A (Palm 1957) lets each caller
wait as long as an exponential patience lasts. Loads are arrays; a day of intervals is one call.
"""
