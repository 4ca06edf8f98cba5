#include "study/step_format.hpp"

#include "study/measured_fields.hpp"

#include <array>
#include <string_view>

namespace traingrid {
namespace {

/// What formats are called, the narrow ones first; separators are left out.
struct Named {
  std::string_view word;
  Precision precision;
};
constexpr std::array kFormats{
    Named{"nvfp4", Precision::nvfp4}, Named{"mxfp8", Precision::mxfp8}, Named{"fp8mx", Precision::mxfp8},
    Named{"fp4", Precision::fp4},     Named{"fp8", Precision::fp8},     Named{"int8", Precision::fp8},
    Named{"e4m3", Precision::fp8},    Named{"float8", Precision::fp8},  Named{"bf16", Precision::bf16},
    Named{"bfloat", Precision::bf16}, Named{"fp16", Precision::fp16},   Named{"float16", Precision::fp16},
    Named{"half", Precision::fp16},   Named{"tf32", Precision::tf32},   Named{"fp32", Precision::fp32},
    Named{"float32", Precision::fp32}};

/// "FP8-MX", "fp8 (mx)" and "FP8_MX" are one.
std::string letters_of(const std::string& words) {
  std::string kept;
  for (const char c : lower_case(words))
    if (std::string_view(" -_()/").find(c) == std::string_view::npos) kept += c;
  return kept;
}

bool has(const std::string& text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words)
    if (text.find(word) != std::string::npos) return true;
  return false;
}

}  // namespace

std::optional<StepFormat> step_format(const std::string& words, const Accelerator& accelerator, Fp8Recipe usual) {
  const std::string text = letters_of(words);
  const Named* named = nullptr;
  for (const Named& format : kFormats)
    if (named == nullptr && has(text, {format.word})) named = &format;
  if (named == nullptr) return std::nullopt;
  const bool scaled_apart = named->precision == Precision::mxfp8 && !accelerator.supports(Precision::mxfp8);
  if (named->precision != Precision::fp8 && !scaled_apart) return StepFormat{named->precision};
  if (scaled_apart || has(text, {"block", "subchannel", "fp8sc"})) return StepFormat{Precision::fp8, Fp8Recipe::block};
  if (has(text, {"fp8cs", "current", "tensorwise"})) return StepFormat{Precision::fp8, Fp8Recipe::current};
  return StepFormat{Precision::fp8, has(text, {"fp8ds", "delayed"}) ? Fp8Recipe::delayed : usual};
}

}  // namespace traingrid
