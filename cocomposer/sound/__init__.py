"""The built-in sound: messages in, frames of sound out, so that an answer is heard without a DAW.

Pure: it knows no sound card, no clock and no process; numpy is all that it needs.
"""
