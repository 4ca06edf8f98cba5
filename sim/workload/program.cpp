#include "workload/program.hpp"

#include "units/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace traingrid {
namespace {

std::string describe_operation(const Program& program, const Operation& op) {
  const auto comm = [&] { return program.communicators[static_cast<std::size_t>(op.communicator)].name; };
  switch (op.kind) {
    case Operation::Kind::compute: {
      Flop work;
      Bytes bytes;
      for (const Operator& kernel : program.works[static_cast<std::size_t>(op.work)]) {
        work += kernel.work();
        bytes += kernel.repeat * kernel.bytes;
      }
      return fmt::format("{:<10} work {} ({}, {})", spelling(op.term), op.work, to_text(work), to_text(bytes));
    }
    case Operation::Kind::collective:
      return fmt::format("{:<10} {} {} over {}{}", spelling(op.term), spelling(op.collective), to_text(op.bytes),
                         comm(), op.asynchronous ? ", asynchronous" : "");
    case Operation::Kind::send:
      return fmt::format("{:<10} send {} to {:+d} of {}, tag {}", spelling(op.term), to_text(op.bytes), op.direction,
                         comm(), op.tag);
    case Operation::Kind::receive:
      return fmt::format("{:<10} receive from {:+d} of {}, tag {}", spelling(op.term), op.direction, comm(), op.tag);
    case Operation::Kind::wait:
      return fmt::format("{:<10} wait for {}", spelling(op.term), comm());
  }
  return "";
}

void dump_work(std::string& text, const std::vector<Operator>& work) {
  for (const Operator& kernel : work) {
    const std::string repeat = kernel.repeat > 1 ? fmt::format(" x {}", kernel.repeat) : "";
    if (kernel.is_gemm()) {
      fmt::format_to(std::back_inserter(text), "  {}: {} x (m {}, n {}, k {}) {}{}\n", kernel.name, kernel.batch,
                     kernel.m, kernel.n, kernel.k, spelling(kernel.precision), repeat);
    } else {
      fmt::format_to(std::back_inserter(text), "  {}: {}{}\n", kernel.name, to_text(kernel.bytes), repeat);
    }
  }
}

}  // namespace

void Communicator::add_group(const std::vector<std::int32_t>& ranks) {
  if (offsets.empty()) offsets.push_back(0);
  members.insert(members.end(), ranks.begin(), ranks.end());
  offsets.push_back(static_cast<std::int32_t>(members.size()));
}

int Program::work(std::vector<Operator> operators) {
  const auto found = std::ranges::find(works, operators);
  if (found != works.end()) return static_cast<int>(found - works.begin());
  works.push_back(std::move(operators));
  return static_cast<int>(works.size()) - 1;
}

std::string dump(const Program& program) {
  std::string text;
  const auto out = std::back_inserter(text);
  for (const Communicator& comm : program.communicators) {
    fmt::format_to(out, "communicator {}: {} groups, {} ranks\n", comm.name, comm.groups(), comm.members.size());
  }
  for (std::size_t i = 0; i < program.works.size(); ++i) {
    fmt::format_to(out, "work {}\n", i);
    dump_work(text, program.works[i]);
  }
  for (const Block& block : program.blocks) {
    fmt::format_to(out, "block {}\n", block.name);
    for (const Operation& op : block.operations) fmt::format_to(out, "  {}\n", describe_operation(program, op));
  }
  for (std::size_t i = 0; i < program.roles.size(); ++i) {
    const auto ranks = std::ranges::count(program.role_of_rank, static_cast<std::int32_t>(i));
    fmt::format_to(out, "role {}, {} ranks\n ", program.roles[i].name, ranks);
    for (const Launch& launch : program.roles[i].launches) {
      fmt::format_to(out, " {}[{}]", program.blocks[static_cast<std::size_t>(launch.block)].name, launch.micro_batch);
    }
    text += '\n';
  }
  return text;
}

}  // namespace traingrid
