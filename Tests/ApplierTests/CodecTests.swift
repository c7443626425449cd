import CLinux
import Netlink
import NetworkState
import TestSupport
import Testing

@testable import Applier

/// What a codec writes it reads back: one law for all of them, tried on values from a seeded generator.
struct CodecTests {
    private let indices = InterfaceIndices(
        (1...9).map { LinkRecord(index: $0, name: LinkName(known: "eth\($0)")) })

    @Test(arguments: 0..<300)
    func `an address is read as it was written`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let address = random.address()
        #expect(try AddressCodec.read(AddressCodec.addition(of: address, indices).payload, indices) == address)
    }

    @Test(arguments: 0..<300)
    func `a neighbour is read as it was written`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let neighbour = random.neighbour()
        let request = NeighbourCodec.replacement(with: neighbour, indices)
        #expect(try NeighbourCodec.read(request.payload, indices) == neighbour)
    }

    @Test(arguments: 0..<1000)
    func `a route is read as it was written`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let route = random.route()
        #expect(try RouteCodec.read(RouteCodec.addition(of: route, indices).payload, indices) == route)
    }

    @Test(arguments: 0..<300)
    func `a next-hop object is read as it was written`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let object = NextHopObject(
            UInt32.random(in: 1...UInt32.max, using: &random),
            via: IPAddress(v4: UInt32.random(in: 1...UInt32.max, using: &random)), device: random.device(),
            isOnLink: Bool.random(using: &random))
        #expect(
            try NextHopCodec.read(NextHopCodec.replacement(with: object, indices).payload, indices) == .ours(object))
        var other = object
        other.protocol = .bird
        #expect(
            try NextHopCodec.read(NextHopCodec.replacement(with: other, indices).payload, indices)
                == .foreign(object.id, members: []))
    }

    @Test func `a route by an object leads where the object does, and another's object is not known to its end`() throws
    {
        let object = NextHopObject(9, via: IPAddress("10.0.0.9"), device: "eth3", isOnLink: true)
        var route = Route(IPPrefix("10.1.0.0/16"), via: object.gateway, device: "eth3", isOnLink: true)
        route.form = .object(9)
        let payload = RouteCodec.addition(of: route, indices).payload
        var nextHops = NextHops()
        nextHops.ours.insert(object)
        let read = try #require(try RouteCodec.read(payload, indices, nextHops))
        #expect(read == route)
        #expect(read.form.object == 9)
        let foreign = try #require(try RouteCodec.read(payload, indices))
        #expect(foreign.isToldInPart)
        #expect(foreign.form.object == 9)
    }

    @Test(arguments: 0..<300)
    func `a link is read as it was written`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let link = random.link()
        var record = LinkRecord(
            name: link.name, mtu: link.mtu, address: link.address, controller: link.controller.map { indices[$0] },
            alias: link.alias, addrGenMode: link.addrGenMode)
        let edit = LinkEdit(from: Link(name: link.name), to: link, isExact: false)
        let settings = LinkCodec.setting(edit, of: link.name, indices)
        #expect(try LinkCodec.read(settings.payload) == record)

        record = LinkRecord(name: link.name, kind: "dummy", mtu: link.mtu, address: link.address)
        let creation = LinkCodec.creation(of: link, kind: "dummy", peerDescriptor: nil, indices)
        #expect(try LinkCodec.read(creation.payload) == record)

        let isUp = Bool.random(using: &random)
        #expect(try LinkCodec.read(LinkCodec.setting(isUp: isUp, of: link.name).payload)?.isUp == isUp)
    }

    /// Captured from iproute2 6.1 with `strace -e write=3`; eth3 had number 3.
    @Test(arguments: [
        (
            "ip route add 172.17.9.0/24 via 192.168.100.101 dev eth3 proto bird onlink",
            """
            02 18 00 00 fe 0c 00 01 04 00 00 00 08 00 01 00 ac 11 09 00 08 00 05 00 c0 a8 64 65 08 00 04 00 03 00 00 00
            """
        ),
        (
            "ip route add 172.17.8.2 dev eth3 scope link proto boot",
            "02 20 00 00 fe 03 fd 01 00 00 00 00 08 00 01 00 ac 11 08 02 08 00 04 00 03 00 00 00"
        ),
        (
            "ip address add 172.17.8.2/32 dev eth3",
            "02 20 00 00 03 00 00 00 08 00 02 00 ac 11 08 02 08 00 01 00 ac 11 08 02"
        ),
        (
            "ip neighbour replace 10.0.0.1 dev eth3 lladdr 02:00:00:00:00:02 nud permanent",
            """
            02 00 00 00 03 00 00 00 80 00 00 00 08 00 01 00 0a 00 00 01 0a 00 02 00 02 00 00 00 00 02 00 00
            """
        ),
    ])
    func `a request is byte for byte what ip sends`(_ command: String, _ bytes: String) throws {
        let resources: [Resource] = [
            .route(
                Route(
                    IPPrefix("172.17.9.0/24"), via: IPAddress("192.168.100.101"), device: "eth3", isOnLink: true,
                    protocol: .bird)),
            .route(Route(IPPrefix("172.17.8.2/32"), device: "eth3", scope: .link, protocol: .boot)),
            .address(Address(IPPrefix("172.17.8.2/32"), device: "eth3")),
            .neighbour(
                Neighbour(IPAddress("10.0.0.1"), device: "eth3", linkLayerAddress: MACAddress(bits: 0x0200_0000_0002))),
        ]
        let change = try #require(
            resources.map { Change(in: .own, from: nil, to: $0) }.first { $0.commands == [command] })
        let requests = change.requests(indices, isExact: false)
        #expect(
            requests.map { $0.payload.byteArray } == [bytes.split(separator: " ").compactMap { UInt8($0, radix: 16) }])
    }

    @Test func `an entry on a link that nobody knows asks for another look`() throws {
        let address = Address(IPPrefix("10.0.0.1/24"), device: "eth1")
        let request = AddressCodec.addition(of: address, indices)
        #expect(throws: NetlinkError.unknownLink(index: 1)) {
            try AddressCodec.read(request.payload, InterfaceIndices())
        }
    }
}

extension SeededGenerator {
    fileprivate mutating func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &self) ? value : nil }

    fileprivate mutating func family() -> IPAddress.Family { Bool.random(using: &self) ? .v4 : .v6 }

    fileprivate mutating func ip(_ family: IPAddress.Family) -> IPAddress {
        let bits = UInt128(next()) << 64 | UInt128(next())
        return IPAddress(family: family, bits: family == .v4 ? bits & UInt128(UInt32.max) : bits)
    }

    fileprivate mutating func device() -> LinkName { LinkName(known: "eth\(Int.random(in: 1...9, using: &self))") }

    fileprivate mutating func address() -> Address {
        let family = family()
        let length = Int.random(in: 0...family.width, using: &self)
        guard let prefix = IPPrefix(ip(family), length: length) else { preconditionFailure("a length out of range") }
        let scope = [Scope.global, .site, .link, .host].randomElement(using: &self) ?? .global
        return Address(
            prefix, device: device(), scope: scope, isNoDAD: Bool.random(using: &self), protocol: maybe(UInt8(7)))
    }

    fileprivate mutating func neighbour() -> Neighbour {
        let state = Bool.random(using: &self) ? Neighbour.State.permanent : .dynamic
        return Neighbour(
            ip(family()), device: device(), linkLayerAddress: maybe(MACAddress(bits: next())), state: state,
            protocol: maybe(.bird))
    }

    fileprivate mutating func link() -> Link {
        Link(
            name: device(), mtu: maybe(UInt32.random(in: 68...65535, using: &self)),
            address: maybe(MACAddress(bits: next())), membership: maybe(.port(of: device())),
            alias: maybe("weft:t/\(next())"),
            addrGenMode: maybe(Link.AddrGenMode.stableSecret))
    }

    fileprivate mutating func route() -> Route {
        let family = family()
        let length = Int.random(in: 0...family.width, using: &self)
        guard let prefix = IPPrefix(ip(family), length: length)?.network else {
            preconditionFailure("a length out of range")
        }
        let kind = [Route.Kind.unicast, .blackhole, .unreachable].randomElement(using: &self) ?? .unicast
        let table: UInt32 = [254, 1, 252, 1000, UInt32.max].randomElement(using: &self) ?? 254
        var route = Route(
            prefix, kind: kind, scope: Bool.random(using: &self) ? .global : .link,
            protocol: RouteProtocol(rawValue: UInt8.random(in: 1...255, using: &self)),
            preferredSource: maybe(ip(family)), table: table, tos: maybe(UInt8(16)) ?? 0,
            metric: UInt32.random(in: 0...9, using: &self), mtu: maybe(UInt32(1400)))
        guard kind == .unicast else { return route }
        route.nextHop = nextHop(family)
        if Int.random(in: 0..<4, using: &self) == 0 { route.otherNextHops = [nextHop(family), nextHop(self.family())] }
        return route
    }

    fileprivate mutating func nextHop(_ family: IPAddress.Family) -> Route.NextHop {
        Route.NextHop(gateway: maybe(ip(family)), device: device(), isOnLink: Bool.random(using: &self))
    }
}
