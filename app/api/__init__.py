"""What the outside may ask for, by who asks: public, account, admin, sponsor, influencer.

Routes are contracts: path, guard, arguments, answer, then one service call. Role surfaces never
import each other; actions that roles have alike live in `shared` and are registered on each.
"""
