import Measuring

/// All that is measured.
struct Catalogue: Sendable {
    let topologies: Topologies

    var all: [Benchmark] { [start, compile, model, routes, mesh, lab, wide, star, forwarder, agent] }
}
