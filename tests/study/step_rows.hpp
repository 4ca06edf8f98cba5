// Rows of training steps for tests: with the fields that a test is about, resolved or compared by the catalogue.
#pragma once

#include "catalogue.hpp"
#include "input/yaml.hpp"
#include "study/validate_steps.hpp"

#include <map>
#include <string>
#include <vector>

namespace traingrid {

template <Described T>
std::map<std::string, T> all_entries(std::string_view folder) {
  std::map<std::string, T> entries;
  for (const std::string& name : catalogue_names(folder)) entries.emplace(name, catalogue_entry<T>(folder, name));
  return entries;
}

inline const StepValidation& catalogue_context() {
  static const StepValidation context{.resolve = {.systems = catalogue_entry<StepSystems>("systems", "training-steps"),
                                                  .software = all_entries<Software>("software"),
                                                  .models = all_entries<Model>("models")},
                                      .libraries = all_entries<Library>("collectives")};
  return context;
}

inline std::vector<Comparison> validate(const Node& file) {
  Problems problems;
  auto rows = validate_steps(file, catalogue_context(), problems);
  problems.finish();
  return rows;
}

inline Node parse(const std::string& text) {
  Problems problems;
  Node tree = parse_yaml(std::make_shared<SourceFile>(SourceFile{"rows.yaml", text}), problems);
  problems.finish();
  return tree;
}

/// A GPT of 8 layers on 8 A100, with these fields over or beside its own.
inline std::string record(const std::string& fields) {
  return "- {source: me, suite: mine, model: GPT, n_layers: 8, hidden: 2048, n_heads: 16, ffn_hidden: 8192, vocab: "
         "51200, "
         "seq_len: 2048, global_batch_seqs: 16, micro_batch_seqs: 2, tp: 2, pp: 2, precision: fp16 mixed, gpu: "
         "A100-SXM4-80GB, "
         "n_gpus: 8, software: megatron-2021, " +
         fields + "}\n";
}

inline std::vector<Comparison> validate(const std::vector<std::string>& records) {
  std::string text = "records:\n";
  for (const std::string& fields : records) text += record(fields);
  return validate(parse(text));
}

/// Of a whole record.
inline MeasuredStep resolve(const std::string& record) {
  const Node file = parse("records:\n" + record);
  return measured_step(file.find("records")->value.items[0], catalogue_context().resolve);
}

}  // namespace traingrid
