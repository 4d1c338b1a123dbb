"""numpy with the C library's bits.

On processors with AVX-512 numpy's `exp`, `log` and `power` have other last bits, so these instructions are kept from it; and one thread adds
up in one order.
"""

import os
import sys

SWITCHED_OFF = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR AVX512_KNL AVX512_KNM X86_V4"


def start_anew():
    """Starts the script anew, where that was not said yet: numpy reads it when it is imported, so this comes before."""
    if os.environ.get("NPY_DISABLE_CPU_FEATURES") != SWITCHED_OFF:
        os.environ["NPY_DISABLE_CPU_FEATURES"] = SWITCHED_OFF
        os.environ["OMP_NUM_THREADS"] = "1"
        os.execv(sys.executable, [sys.executable, "-B", "-W", "ignore"] + sys.argv)
