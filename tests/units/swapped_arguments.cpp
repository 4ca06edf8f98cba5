// Must not compile: the arguments of `rate` are swapped, and their types say so.
#include "units/quantity.hpp"

using namespace traingrid;

Bandwidth rate(Bytes size, Seconds time) { return size / time; }
Bandwidth wrong() { return rate(2 * second, 3 * byte); }
