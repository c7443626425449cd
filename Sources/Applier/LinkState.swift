import Netlink
package import NetworkState

/// How a link is doing.
package struct LinkState: Hashable, Sendable {
    package let name: LinkName
    /// By the kernel's word; empty for a physical device.
    package let kind: String
    package let isUp: Bool
    /// Whether the other end is up as well.
    package let hasCarrier: Bool
    package let impairment: Impairment?

    /// `up`, `no carrier, loss 10%`
    package var text: String {
        let state = isUp ? (hasCarrier ? "up" : "no carrier") : "down"
        return ([state] + [impairment?.text].compactMap(\.self)).joined(separator: ", ")
    }
}

extension Applier {
    /// Of every link in `netns` but the loopback, by name; none where there is no such namespace.
    package mutating func linkStates(in netns: Netns) throws(ApplyError) -> [LinkState] {
        guard let namespace = try namespaces.opened(netns) else { return [] }
        let impairments = try impairments(in: netns)
        do throws(NetlinkError) {
            return try namespace.links().filter { $0.kind != Link.Kind.loopback.word }.map { link in
                LinkState(
                    name: link.name, kind: link.kind, isUp: link.isUp, hasCarrier: link.hasCarrier,
                    impairment: impairments[link.name])
            }.sorted { $0.name < $1.name }
        } catch { throw ApplyError(observing: netns, error) }
    }
}
