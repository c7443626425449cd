import NetworkState

/// What a change has in common with changes that it is like: all that it says but names and addresses.
enum Likeness: Hashable {
    /// What is new. Most changes of a large plan are that, and to compare them as they are is several times as fast as to
    /// write them down.
    case addition(isToHost: Bool, Resource)
    /// A route that goes, and why. There may be as many.
    case removal(isFromHost: Bool, Route, reason: String?)
    case words(String)
}

extension Change {
    /// Nil where one line may not stand for many, as something foreign would go.
    var likeness: Likeness? {
        if takes.contains(where: \.isForeign) { return nil }
        if before == nil, takes.isEmpty, let nameless = resource.nameless {
            return .addition(isToHost: netns == .own, nameless)
        }
        if after == nil, takes.isEmpty, case .route(let route) = resource {
            return .removal(isFromHost: netns == .own, route.nameless, reason: reason)
        }
        return .words(commonWords)
    }

    /// Whether both make a route, and are like each other at a glance, as most changes in a row of a large plan are. If not,
    /// their ``likeness`` may be the same nevertheless.
    func isPlainlyLike(_ other: Change) -> Bool {
        guard before == nil, other.before == nil, takes.isEmpty, other.takes.isEmpty, netns == other.netns,
            case .route(let route) = after, case .route(let otherRoute) = other.after
        else { return false }
        return route.isPlainlyLike(otherRoute)
    }

    /// The same for a change of any kind.
    var commonWords: String {
        let parts = [
            toldAction.symbol, identity.kind, netns == .own ? "host" : "container", identity.commonWords,
            after == nil ? reason ?? "" : "", takes.words ?? "",
        ]
        return (parts + said).joined(separator: "\n")
    }

    private var said: [String] {
        guard let before, let after else { return resource.attributes.map(\.commonWords) }
        if comesBack { return [] }
        let (old, new) = (Set(before.attributes), Set(after.attributes))
        return before.attributes.filter { !new.contains($0) }.map { "- \($0.commonWords)" }
            + after.attributes.filter { !old.contains($0) }.map { "+ \($0.commonWords)" }
    }
}

extension Resource.Identity {
    /// What a name has besides the particular link or address in it.
    fileprivate var commonWords: String {
        switch self {
        case .netns, .link, .fdb, .table, .nextHop: ""
        case .sysctl(let key): Sysctl(key, "").key(ofLink: "*") ?? key
        case .address(let identity): "\(identity.prefix.family.word)/\(identity.prefix.length)"
        case .neighbour(let identity): identity.address.family.word
        case .route(let identity): "\(identity.destination.family.word)/\(identity.destination.length)"
        }
    }
}

extension Attribute {
    private static let naming: Set<String> = [
        "address", "dev", "dst", "lladdr", "local", "master", "peer", "src", "via",
    ]

    /// Without its value where that is a name or an address; every namespace's loopback is like no other link.
    fileprivate var commonWords: String {
        Self.naming.contains(name) && value != LinkName.loopback.text ? name : description
    }
}

// The same resource, with nothing in the place of each name and address, and without what no plan tells.
extension Resource {
    /// Nil for rules: they are told as they are written.
    fileprivate var nameless: Resource? {
        switch self {
        case .netns: .netns
        case .link(let link): .link(link.nameless)
        case .sysctl(let sysctl): .sysctl(Sysctl(sysctl.key(ofLink: "*") ?? sysctl.key, sysctl.value))
        case .address(let address):
            .address(
                Address(address.prefix.nameless, device: .none, scope: address.scope, isNoDAD: address.isNoDAD))
        case .neighbour(let neighbour):
            .neighbour(
                Neighbour(
                    .any(neighbour.address.family), device: .none,
                    linkLayerAddress: neighbour.linkLayerAddress.map { _ in .none }, state: neighbour.state,
                    protocol: neighbour.protocol))
        case .fdb: .fdb(ForwardingEntry(.none, device: .none, remote: .none))
        case .table: nil
        case .nextHop(let object):
            .nextHop(
                NextHopObject(
                    0, via: .any(object.gateway.family), device: .none, isOnLink: object.isOnLink,
                    protocol: object.protocol))
        case .route(let route): .route(route.nameless)
        }
    }
}

extension Link {
    fileprivate var nameless: Link {
        var link = self
        link.name = .none
        link.kind = kind?.nameless
        link.address = address.map { _ in .none }
        link.membership = controller.map { .port(of: $0.nameless) }
        return link
    }
}

extension Link.Kind {
    fileprivate var nameless: Self? {
        switch self {
        case .veth(let peer): .veth(peer: peer?.nameless)
        case .vxlan(let vxlan): .vxlan(vxlan.nameless)
        // Neither is told.
        case .loopback, .other(""): nil
        case .bridge, .ipip, .tun, .other: self
        }
    }
}

extension Link.Peer {
    fileprivate var nameless: Self {
        netns == .own ? Self(netns: .own, name: name.nameless) : Self(netns: .own, name: .none)
    }
}

extension Link.VXLAN {
    fileprivate var nameless: Self {
        Self(
            id: id, local: local.map { _ in .none }, parent: parent?.nameless, port: port,
            learnsAddresses: learnsAddresses)
    }
}

extension Route {
    fileprivate func isPlainlyLike(_ other: Route) -> Bool {
        guard destination.family == other.destination.family, destination.length == other.destination.length,
            nextHop.device == other.nextHop.device, nextHop.isOnLink == other.nextHop.isOnLink,
            (nextHop.gateway == nil) == (other.nextHop.gateway == nil)
        else { return false }
        var renamed = self
        (renamed.destination, renamed.nextHop) = (other.destination, other.nextHop)
        return renamed == other
    }

    fileprivate var nameless: Route {
        var route = self
        route.destination = destination.nameless
        route.nextHop = nextHop.nameless
        route.otherNextHops = otherNextHops.map(\.nameless)
        route.preferredSource = preferredSource.map { _ in .none }
        route.isToldInPart = false
        return route
    }
}

extension Route.NextHop {
    fileprivate var nameless: Self {
        Self(gateway: gateway.map { _ in .none }, device: device?.nameless, isOnLink: isOnLink)
    }
}

extension IPPrefix {
    fileprivate var nameless: IPPrefix { IPPrefix(.any(family), length: length) ?? .everything(family) }
}

extension LinkName {
    fileprivate static let none = LinkName(known: "*")
    fileprivate var nameless: LinkName { self == .loopback ? self : .none }
}

extension IPAddress {
    fileprivate static let none = IPAddress(v4: 0)
}

extension MACAddress {
    fileprivate static let none = MACAddress(bits: 0)
}
