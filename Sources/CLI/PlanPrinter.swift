import Compiler
import NetworkState

/// Prints what hosts get that have nothing yet, one after the other: no more than one plan is held at a time.
struct PlanPrinter {
    /// As `PlanFormat`, where text is called by what it is: the plan against an empty host.
    enum Format: String, CaseIterable {
        case plan, ip, json
    }

    private static let pieceSize = 64 * 1024

    let format: Format
    let isColoured: Bool
    let isVerbose: Bool

    /// All hosts of a topology; as JSON, in a list.
    func printAll<Failure>(
        of loaded: LoadedFile, to write: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        let places = loaded.source.locations(of: loaded.topology.pointersOfHosts)
        let plan = { (index: Int) in
            CompiledHost(loaded.topology, host: index, source: loaded.source, places: places).offlinePlan
        }
        let indices = Array(loaded.topology.hosts.indices)
        switch format {
        case .plan:
            try print(indices, to: write) {
                PlanText(plan($0), isColoured: isColoured, isVerbose: isVerbose).write(to: &$1)
            }
        case .ip: try print(indices, to: write) { plan($0).writeScript(to: &$1) }
        case .json:
            var writer = JSONWriter(.indented)
            try writer.array(count: indices.count) { writer, index throws(Failure) in
                writer.write(plan(index))
                try write(writer.takeBytes())
            }
            try write(writer.takeBytes() + [UInt8(ascii: "\n")])
        }
    }

    /// One host; as JSON, by itself.
    func print<Failure>(
        _ host: Int, of loaded: LoadedFile, to write: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        let plan = CompiledHost(loaded.topology, host: host, source: loaded.source).offlinePlan
        var bytes: [UInt8] = []
        switch format {
        case .plan: PlanText(plan, isColoured: isColoured, isVerbose: isVerbose).write(to: &bytes)
        case .ip: plan.writeScript(to: &bytes)
        case .json:
            var writer = JSONWriter(.indented)
            writer.write(plan)
            bytes = writer.takeBytes() + [UInt8(ascii: "\n")]
        }
        try write(bytes)
    }

    /// Texts with an empty line between each and the next.
    private func print<Failure>(
        _ indices: [Int], to write: ([UInt8]) throws(Failure) -> Void, _ text: (Int, inout [UInt8]) -> Void
    ) throws(Failure) {
        var bytes: [UInt8] = []
        for index in indices {
            if index > 0 { bytes.append("\n") }
            text(index, &bytes)
            if bytes.count < Self.pieceSize { continue }
            try write(bytes)
            bytes.removeAll(keepingCapacity: true)
        }
        try write(bytes)
    }
}
