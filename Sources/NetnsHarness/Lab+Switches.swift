import Applier
package import Compiler
import Netlink
import NetworkState

/// The switches of a lab, a bridge each in one namespace, which has every segment's name: whoever enters a segment by its name
/// finds its bridge there, among the others.
extension Lab {
    package var switchLinks: SwitchLinks { SwitchLinks(topology) }

    private var switchesName: String { Netns.switches.name ?? "" }

    /// Gives the namespace of the switches the names of all segments that it does not have yet.
    func nameSwitches() throws(ApplyError) {
        if topology.segments.isEmpty { return }
        try systems { () throws(SystemError) in
            let namespace = try directory.open(switchesName)
            for segment in topology.segments { try directory.attach(segment.name, to: namespace) }
            try freeOfFilters(namespace)
        }
    }

    /// Has `body`, which brings machines and wires in line with the topology, find no names of segments that are none any more:
    /// they may be machines', and would keep a namespace alive that it removes.
    func renamingSwitches(_ body: () throws(ApplyError) -> Void) throws(ApplyError) {
        let leaving = try systems { () throws(SystemError) in try formerNames() }
        try systems { () throws(SystemError) in for name in leaving { try directory.remove(name) } }
        do throws(ApplyError) { try body() } catch {
            if directory.exists(switchesName) {
                try? systems { () throws(SystemError) in
                    let namespace = try directory.open(switchesName)
                    for name in leaving { try directory.attach(name, to: namespace) }
                }
            }
            throw error
        }
        try nameSwitches()
    }

    private func formerNames() throws(SystemError) -> [String] {
        guard directory.exists(switchesName), let switches = directory.identity(of: switchesName) else { return [] }
        let kept = Set(topology.segments.map(\.name) + [switchesName])
        return try directory.list().filter { !kept.contains($0) && directory.identity(of: $0) == switches }
    }

    /// A switch knows no firewall. Where the kernel has `br_netfilter`, what crosses a bridge goes through the hooks of IP as
    /// well, which a tenth of a probe's time is spent on; each namespace has a setting of its own for that (since Linux 5.3).
    private func freeOfFilters(_ namespace: borrowing NetworkNamespace) throws(SystemError) {
        // The lab works either way.
        for file in try SettingFiles().open(Self.bridgeFilters, to: .write, in: namespace) {
            try? file.get().write("0")
        }
    }

    private static let bridgeFilters = ["arptables", "iptables", "ip6tables"].map {
        "net/bridge/bridge-nf-call-\($0)"
    }
}
