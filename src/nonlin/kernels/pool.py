"""Where the threads' shared memory and a ufunc's job keep what, in words of 8 bytes."""

# The pool. What several threads write stands on cache lines of its own.
BUSY, OPEN, ACTIVE, NEXT, SLEEPING, THREADS = range(0, 48, 8)
BEGIN, ENTRY, JOB, ADDRESSES, SIZES, STRIDES, LENGTH, CHUNK = range(48, 56)
MUTEX, CONDITION, CALLERS_DESK = 56, 72, 96
DESK = 128  # 64 sizes and 64 addresses, NumPy's limit
POOL = CALLERS_DESK + DESK

# What a ufunc hands to its loop: the loop that does the work, what it works on, and the pool.
LOOP, INPUTS, ARRAYS, DIMENSIONS, POOL_ADDRESS = range(5)

CHUNK_VALUES = 16384  # 64 KiB of float32: input and output stay in a core's own cache
LARGE = 2 * CHUNK_VALUES
