import Netlink
import NetworkState

/// What to set on a link that is there.
struct LinkEdit: Hashable {
    var mtu: UInt32?
    var address: MACAddress?
    var membership: Link.Membership?
    var alias: String?
    var addrGenMode: Link.AddrGenMode?
    var isUp: Bool?

    /// What makes `after` of `before`. What `after` leaves open stays, or is cleared if `isExact`.
    init(from before: Link, to after: Link, isExact: Bool) {
        mtu = Self.change(before.mtu, after.mtu)
        address = Self.change(before.address, after.address)
        alias = Self.change(before.alias, after.alias ?? (isExact && before.alias != nil ? "" : nil))
        addrGenMode = Self.change(before.addrGenMode, after.addrGenMode)
        isUp = Self.change(before.isUp, after.isUp)
        membership = Self.change(before.membership, after.membership)
    }

    private static func change<Value: Equatable>(_ before: Value?, _ after: Value?) -> Value? {
        after == before ? nil : after
    }

    /// The requests that do so; none if there is nothing to set.
    func requests(_ name: LinkName, _ indices: InterfaceIndices) -> [Message] {
        var settings = self
        settings.isUp = nil
        var requests: [Message] = []
        if settings != Self() { requests.append(LinkCodec.setting(settings, of: name, indices)) }
        if let isUp { requests.append(LinkCodec.setting(isUp: isUp, of: name)) }
        return requests
    }

    private init() {}
}
