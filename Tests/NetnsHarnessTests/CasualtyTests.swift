import Applier
import Compiler
import Foundation
import Netlink
import NetworkState
import TestSupport
import Testing

/// What plans foretell of a kernel's own doing, held against what it does.
@Suite(.namespaces)
struct CasualtyTests {
    struct Loss: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The `ip` commands that lead to it, and the one that is it.
        let setUp: [String]
        let act: String
        /// What it takes away by itself, as plans name it.
        let takes: [String]
    }

    private static let bridge = ["link add br0 type bridge", "link set br0 addrgenmode none", "link set br0 up"]
    private static let pair = [
        "link add veth1 type veth peer name eth9", "link set veth1 addrgenmode none", "link set eth9 addrgenmode none",
        "link set veth1 up", "link set eth9 up",
    ]

    private static let losses: [Loss] = [
        Loss(
            testDescription: "the last IPv4 address of a link",
            setUp: bridge + [
                "address add 10.1.0.1/24 dev br0", "route add 10.2.0.0/16 via 10.1.0.9",
                "route add 10.3.0.0/16 dev br0",
                "neighbour add 10.1.0.7 lladdr 02:00:00:00:00:07 dev br0 nud permanent",
                "-6 address add fd00:1::1/64 dev br0 nodad", "-6 route add fd00:2::/64 dev br0",
            ],
            act: "address delete 10.1.0.1/24 dev br0",
            takes: [
                "neighbour H/10.1.0.7 dev br0 (foreign)", "route H/10.1.0.0/24", "route H/10.2.0.0/16 (foreign)",
                "route H/10.3.0.0/16 (foreign)",
            ]),
        Loss(
            testDescription: "one of two IPv4 addresses",
            setUp: bridge + [
                "address add 10.1.0.1/24 dev br0", "address add 10.4.0.1/24 dev br0",
                "route add 10.2.0.0/16 via 10.1.0.9",
                "route add 10.3.0.0/16 dev br0 src 10.1.0.1", "route add 10.5.0.0/16 dev lo src 10.1.0.1",
                "route add 10.6.0.0/16 dev lo src 10.1.0.1 table 7",
                "neighbour add 10.1.0.7 lladdr 02:00:00:00:00:07 dev br0 nud permanent",
            ],
            act: "address delete 10.1.0.1/24 dev br0",
            takes: ["route H/10.1.0.0/24", "route H/10.3.0.0/16 (foreign)", "route H/10.5.0.0/16 (foreign)"]),
        Loss(
            testDescription: "an address that another link has as well",
            setUp: bridge + pair + [
                "address add 10.1.0.1/24 dev br0", "address add 10.4.0.1/24 dev br0",
                "address add 10.1.0.1/32 dev veth1",
                "route add 10.3.0.0/16 dev br0 src 10.1.0.1",
            ],
            act: "address delete 10.1.0.1/24 dev br0", takes: ["route H/10.1.0.0/24"]),
        Loss(
            testDescription: "an IPv6 address",
            setUp: bridge + [
                "-6 address add fd00:1::1/64 dev br0 nodad", "-6 route add fd00:2::/64 dev br0 src fd00:1::1",
                "-6 route add fd00:3::/64 via fd00:1::9 dev br0",
            ],
            act: "-6 address delete fd00:1::1/64 dev br0", takes: ["route H/fd00:1::/64"]),
        Loss(
            testDescription: "a bridge",
            setUp: bridge + pair + [
                "link set veth1 master br0", "address add 10.1.0.1/24 dev br0", "route add 10.2.0.0/16 via 10.1.0.9",
                "route add 10.5.0.0/16 dev lo src 10.1.0.1",
                "neighbour add 10.1.0.7 lladdr 02:00:00:00:00:07 dev br0 nud permanent",
                "-6 address add fd00:1::1/64 dev br0 nodad",
            ],
            act: "link delete br0",
            takes: [
                "link H/veth1 (foreign) (released)", "address H/10.1.0.1/24 dev br0 (foreign)",
                "address H/fd00:1::1/64 dev br0 (foreign)", "neighbour H/10.1.0.7 dev br0 (foreign)",
                "route H/10.1.0.0/24",
                "route H/10.2.0.0/16 (foreign)", "route H/10.5.0.0/16 (foreign)", "route H/fd00:1::/64",
            ]),
        Loss(
            testDescription: "a veth pair, and a route that has another way",
            setUp: pair + bridge + [
                "address add 10.1.0.1/24 dev veth1", "address add 10.7.0.2/24 dev eth9",
                "address add 10.4.0.1/24 dev br0",
                "route add 10.2.0.0/16 nexthop via 10.1.0.9 dev veth1 nexthop via 10.4.0.9 dev br0",
                "-6 address add fd00:1::1/64 dev veth1 nodad", "-6 address add fd00:4::1/64 dev br0 nodad",
            ],
            act: "link delete eth9",
            takes: [
                "link H/veth1 (foreign)", "address H/10.7.0.2/24 dev eth9 (foreign)",
                "address H/10.1.0.1/24 dev veth1 (foreign)", "address H/fd00:1::1/64 dev veth1 (foreign)",
                "route H/10.1.0.0/24", "route H/10.2.0.0/16 (foreign)", "route H/10.7.0.0/24", "route H/fd00:1::/64",
            ]),
        Loss(
            testDescription: "a link that is set down",
            setUp: bridge + [
                "address add 10.1.0.1/24 dev br0", "route add 10.2.0.0/16 via 10.1.0.9",
                "neighbour add 10.1.0.7 lladdr 02:00:00:00:00:07 dev br0 nud permanent",
                "-6 address add fd00:1::1/64 dev br0 nodad", "-6 route add fd00:2::/64 dev br0",
                "-6 neighbour add fd00:1::7 lladdr 02:00:00:00:00:07 dev br0 nud permanent",
            ],
            act: "link set br0 down",
            takes: [
                "address H/fd00:1::1/64 dev br0 (foreign)", "neighbour H/10.1.0.7 dev br0 (foreign)",
                "neighbour H/fd00:1::7 dev br0 (foreign)", "route H/10.1.0.0/24", "route H/10.2.0.0/16 (foreign)",
                "route H/fd00:1::/64", "route H/fd00:2::/64 (foreign)",
            ]),
    ]

    @Test(arguments: losses)
    func `what a change takes with it is what the kernel then lacks`(_ loss: Loss) throws {
        let host = try BareHost()
        for command in loss.setUp { try host.ip(command) }
        let before = try host.observe()
        try host.ip(loss.act)
        let after = try host.observe()
        let change = try #require(host.change(made: loss.act, from: before, to: after))
        var plan = Plan(
            topology: "t", host: "H", changes: [change], unchanged: 0, ledger: Ledger(topology: "t", host: "H"))
        plan.foretellCasualties(in: before, known: plan.ledger)

        let foretold = plan.changes.flatMap(\.takes).map { casualty in
            casualty.place.kindAndName(on: "H") + (casualty.isForeign ? " (foreign)" : "")
                + (casualty.isReleased ? " (released)" : "")
        }
        let gone = before.lost(in: after, except: change.place).map { $0.kindAndName(on: "H") }
        #expect(foretold.sorted() == loss.takes.sorted())
        #expect(gone.sorted() == plan.changes.flatMap(\.takes).map { $0.place.kindAndName(on: "H") }.sorted())
    }

    @Test(.needs(.vxlan))
    func `a VXLAN link goes with the link that it sends over, and its forwarding table with it`() throws {
        let host = try BareHost()
        for command in Self.pair + [
            "link add vx9 type vxlan id 9 dev veth1 dstport 4789", "link set vx9 up",
            "neighbour add 10.1.0.7 lladdr 02:00:00:00:00:07 dev vx9 nud permanent",
        ] { try host.ip(command) }
        try host.bridge("fdb append 02:00:00:00:00:07 dev vx9 dst 192.0.2.7")
        let before = try host.observe()
        let veth = try #require(before[.own, .link(LinkName(known: "eth9"))])
        try host.ip("link delete eth9")
        let after = try host.observe()
        var plan = Plan(
            topology: "t", host: "H", changes: [Change(in: .own, from: veth, to: nil)], unchanged: 0,
            ledger: Ledger(topology: "t", host: "H"))
        plan.foretellCasualties(in: before, known: plan.ledger)
        let gone = before.lost(in: after, except: ResourcePlace(veth.identity, in: .own))
        #expect(plan.changes.flatMap(\.takes).map(\.place) == gone)
        #expect(gone.contains { $0.identity.kind == "fdb" })
    }
}

/// A namespace with nothing in it, looked at as the applier looks at a host.
private final class BareHost {
    private let namespace: NetworkNamespace

    init() throws {
        namespace = try NetworkNamespace()
        try script("ip link set lo up; echo 0 > /proc/sys/net/ipv4/conf/all/forwarding")
    }

    private var descriptor: String { "\(namespace.descriptor.rawValue)" }

    func ip(_ command: String) throws { try script("ip \(command)") }
    func bridge(_ command: String) throws { try script("bridge \(command)") }

    /// Its own namespace, with both ends of each pair known by name.
    func observe() throws -> HostState {
        var applier = Applier(HostNamespaces(own: .named(descriptor), directory: "/proc/self/fd"))
        var interest = HostState([.own: NamespaceState()])
        for link in try applier.observe(interest).namespaces[.own]?.links.sorted ?? [] {
            interest.insert(.link(Link(name: link.name)), in: .own)
        }
        return try applier.observe(interest)
    }

    /// What `ip` was told to do, as a change: `KIND VERB NAME …`.
    func change(made act: String, from before: HostState, to after: HostState) -> Change? {
        let words = act.split(separator: " ").drop { $0 == "-6" }.map(String.init)
        let identity: Resource.Identity? =
            words[0] == "link"
            ? LinkName(words[2]).map(Resource.Identity.link)
            : IPPrefix(parsing: words[2]).map {
                .address(Address.Identity(device: LinkName(known: words[4]), prefix: $0))
            }
        guard let identity, let former = before[.own, identity] else { return nil }
        return Change(in: .own, from: former, to: after[.own, identity])
    }

    private func script(_ command: String) throws {
        let finished = try run(
            [
                "nsenter", "--net=/proc/\(ProcessInfo.processInfo.processIdentifier)/fd/\(descriptor)", "sh", "-ec",
                command,
            ])
        try #require(finished.status == 0, "\(command): \(finished.errors)")
    }
}

extension HostState {
    /// What of this is not in `later`, or has lost its bridge; not what comes and goes by itself, and not settings.
    fileprivate func lost(in later: HostState, except change: ResourcePlace) -> [ResourcePlace] {
        sortedNamespaces.flatMap { netns, state in
            state.resources.filter { resource in
                let present = later[netns, resource.identity]
                if case .neighbour(let neighbour) = resource, neighbour.state == .dynamic { return false }
                if case .link(let link) = resource, link.controller != nil, case .link(let now)? = present {
                    return now.controller == nil
                }
                return present == nil && resource.identity.kind != "sysctl"
            }.map { ResourcePlace($0.identity, in: netns) }
        }.filter { $0 != change }
    }
}
