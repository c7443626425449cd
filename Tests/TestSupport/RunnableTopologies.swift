import Applier
import Compiler
import NetnsHarness

extension TopologyFile {
    /// What tests that carry topologies out are parameterised by: those whose model this kernel can carry out. User-mode
    /// Linux takes those that other kernels may have left out, and no more, as it is slow.
    ///
    /// Such a test has "every topology" in its name, by which `scripts/test.sh` finds it.
    package static let runnableHere = all.filter { file in
        let needed = file.neededFeatures
        if file.needsContainers { return false }
        return ThisKernel.isFull
            ? !needed.isDisjoint(with: ThisKernel.rarities) : needed.allSatisfy(ThisKernel.has)
    }

    /// Those that are not, for want of something: `calico-ipip (ipip)`.
    package static let leftOutHere: [String] = all.compactMap { file in
        let missing = file.neededFeatures.filter { !ThisKernel.has($0) }.map(\.rawValue).sorted()
        return missing.isEmpty ? nil : "\(file.name) (\(missing.joined(separator: ", ")))"
    }

    /// Whether it has containers that are to run before weft comes: what tests those starts them.
    package var needsContainers: Bool {
        guard let source = try? source, let topology = try? load(source) else { return false }
        return topology.hosts.contains { $0.containers.contains { $0.workload != nil } }
    }

    /// None of a file that has mistakes, so that the tests which it is given to fail by it.
    private var neededFeatures: Set<KernelFeature> {
        guard let source = try? source, let topology = try? load(source) else { return [] }
        return Set(topology.model.neededFeatures)
    }
}
