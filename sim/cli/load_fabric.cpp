#include "cli/load_fabric.hpp"

#include "engine/platform_import.hpp"
#include "input/settings.hpp"

namespace traingrid {
namespace {

template <Described T>
T read(Inputs& inputs, const Settings& settings, std::string_view folder, const std::string& name) {
  Document document = inputs.open<T>(folder, name);
  settings.apply(document);
  return inputs.read<T>(document);
}

}  // namespace

FabricInputs load_fabric(const std::string& cluster, const std::string& library, const std::vector<std::string>& sets,
                         Inputs& inputs) {
  const Settings settings(sets, {{"cluster", Outline::of<Cluster>()}, {"library", Outline::of<Library>()}}, inputs);
  FabricInputs files{read<Cluster>(inputs, settings, "clusters", cluster),
                     read<Library>(inputs, settings, "collectives", library)};
  import_network(inputs, files.cluster);
  inputs.finish();
  return files;
}

}  // namespace traingrid
