import Netlink
package import NetworkState

/// Tells by what a host can be known again, from what was seen of it when it was last observed.
package struct WitnessReader {
    private static let bootFile = "/proc/sys/kernel/random/boot_id"

    private let namespaces: OpenNamespaces

    init(_ namespaces: OpenNamespaces) {
        self.namespaces = namespaces
    }

    /// That of what `plan` touches and builds on.
    package func read(for plan: Plan, ledger: Ledger?) throws(ApplyError) -> Witness {
        let boot = try? readFile(Self.bootFile).prefix { $0 != "\n" }
        var witness = Witness(boot: boot.map(String.init), ledger: ledger)
        for (netns, links) in plan.foundation {
            guard let namespace = try namespaces.opened(netns) else { continue }
            let numbers = links.compactMap { name in namespace.indices.index(of: name).map { (name, $0) } }
            witness.namespaces[netns] = Witness.Namespace(
                inode: namespace.identity.inode, cookie: namespace.cookie,
                links: Dictionary(uniqueKeysWithValues: numbers))
        }
        return witness
    }
}

extension Applier {
    /// For use in the planning of ``converge(to:observing:ledger:planning:)``, right after it has observed.
    package var witnesses: WitnessReader { WitnessReader(namespaces) }
}
