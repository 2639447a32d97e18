"""The drop-in front: a program that takes QEMU's command line and answers on real sockets as QEMU does."""
