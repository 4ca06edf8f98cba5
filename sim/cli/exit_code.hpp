// What the shell is told when a command ends.
#pragma once

namespace traingrid {

enum ExitCode : int {
  kOk = 0,
  kInfeasible = 1,
  kInputError = 2,
  kBug = 70,           // EX_SOFTWARE of sysexits.h
  kOutputError = 74,   // EX_IOERR
  kInterrupted = 130,  // 128 + SIGINT, as shells count
};

}  // namespace traingrid
