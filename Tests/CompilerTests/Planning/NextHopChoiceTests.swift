import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

@testable import Compiler

/// When routes go by next-hop objects, and which objects that takes.
struct NextHopChoiceTests {
    private static let many = NextHopChoice.fewest

    /// A route by each of so many gateways.
    private static func routes(_ count: Int, from first: Int = 0, device: LinkName = Sample.eth0.name) -> [Route] {
        (first..<first + count).map { number in
            Route(
                Sample.prefix(0x0a00_0000 + UInt32(number) << 8, 24), via: gateway(number), device: device,
                isOnLink: true)
        }
    }

    private static func gateway(_ number: Int) -> IPAddress { IPAddress(v4: 0xc0a8_0001 + UInt32(number)) }

    private static func object(_ number: Int) -> NextHopObject {
        NextHopObject(0xc0a8_0001 + UInt32(number), via: gateway(number), device: Sample.eth0.name, isOnLink: true)
    }

    private static func byObjects(_ routes: [Route]) -> [Route] {
        routes.map { route in
            var route = route
            route.form = route.nextHop.gateway.map { .object(UInt32(truncatingIfNeeded: $0.bits)) } ?? .plain
            return route
        }
    }

    /// A host with `eth0`, whose kernel knows next-hop objects.
    private static func host(_ routes: [Route] = [], _ change: (inout NextHops) -> Void = { _ in }) -> HostState {
        var state = NamespaceState()
        state.links.insert(Sample.eth0)
        state.routes = Table(routes)
        state.nextHops.areKnown = true
        change(&state.nextHops)
        return HostState([.own: state])
    }

    private static func plan(
        from ours: [Route] = [], to wanted: [Route], on observed: HostState, _ nextHops: NetworkModel.NextHops = .auto
    ) -> Plan {
        var ledger = Ledger(topology: "sample", host: "A")
        var declaration = Declaration()
        declaration.nextHops = nextHops
        for route in ours { ledger.entries.insert(.route(route), in: .own) }
        for route in wanted { declaration.declare(.route(route), at: .root) }
        return Compiler.plan(declaration, topology: "sample", host: "A", observed: observed, ledger: ledger)
    }

    private func objects(made plan: Plan) -> [NextHopObject] {
        plan.changes.compactMap { if case .nextHop(let object)? = $0.after { object } else { nil } }
    }

    private func objects(removedBy plan: Plan) -> [UInt32] {
        plan.changes.filter { $0.after == nil }.compactMap {
            if case .nextHop(let object)? = $0.before { object.id } else { nil }
        }
    }

    private func forms(_ plan: Plan) -> Set<UInt32?> {
        Set(plan.changes.filter { $0.identity.kind == "route" }.map { $0.after?.nextHopObject })
    }

    @Test(arguments: [many - 1, many, many + 1])
    func `from so many gateways on one link on, routes go by objects`(_ count: Int) {
        let plan = Self.plan(to: Self.routes(count), on: Self.host())
        let isMany = count >= Self.many
        #expect(objects(made: plan) == (isMany ? (0..<count).map(Self.object) : []))
        #expect(forms(plan).count == (isMany ? count : 1))
        #expect(forms(plan).contains(nil) == !isMany)
        #expect(plan.changes.count == (isMany ? 2 * count : count))
    }

    @Test func `objects are made before the routes that go by them, and after what these need`() throws {
        let link = Route(Sample.prefix(0xc0a8_0000, 16), device: Sample.eth0.name, scope: .link)
        let plan = Self.plan(to: [link] + Self.routes(Self.many), on: Self.host())
        let kinds = plan.changes.map(\.identity.kind)
        #expect(kinds == ["route"] + kinds.filter { $0 == "nexthop" } + Self.routes(Self.many).map { _ in "route" })
        #expect(plan.changes.first?.after?.nextHopObject == nil)
    }

    @Test func `many routes by few gateways, or by few on each link, stay plain`() {
        let few = (0..<Self.many * 2).map { number in
            Route(
                Sample.prefix(0x0a00_0000 + UInt32(number) << 8, 24), via: Self.gateway(number % (Self.many - 1)),
                device: Sample.eth0.name)
        }
        let spread = (0..<4).flatMap { link in
            Self.routes(Self.many / 2, from: link * Self.many, device: LinkName(known: "eth\(link)"))
        }
        for routes in [few, spread] {
            let plan = Self.plan(to: routes, on: Self.host())
            #expect(!plan.changes.isEmpty)
            #expect(objects(made: plan) == [])
            #expect(forms(plan) == [nil])
        }
    }

    @Test func `where the kernel knows no objects, or nobody has asked one, routes stay plain`() {
        let plan = Self.plan(to: Self.routes(Self.many), on: Self.host { $0.areKnown = false })
        #expect(plan.changes.count == Self.many)
        #expect(forms(plan) == [nil])
    }

    @Test func `where the topology forbids objects, routes stay plain, and lose those that they go by as they change`()
    {
        let routes = Self.routes(Self.many)
        let present = Self.host(Self.byObjects(routes)) { $0.ours = Table((0..<Self.many).map(Self.object)) }
        let made = Self.plan(to: routes, on: Self.host(), .plain)
        #expect(made.changes.count == Self.many)
        #expect(forms(made) == [nil])

        #expect(Self.plan(from: routes, to: routes, on: present, .plain).changes.isEmpty)
        var moved = routes
        moved[0].nextHop.gateway = Self.gateway(Self.many)
        let changed = Self.plan(from: routes, to: moved, on: present, .plain)
        #expect(forms(changed) == [nil])
        #expect(objects(removedBy: changed) == [0xc0a8_0001])
    }

    @Test(arguments: [("", NetworkModel.NextHops.auto), (#", "nextHops": "plain""#, .plain)])
    func `a topology's word for it is its hosts'`(_ member: String, _ nextHops: NetworkModel.NextHops) throws {
        let text = """
            {"version": 1, "network": {"profile": "calico"\(member)}, "segments": [{"name": "lan", "subnet": "10.0.0.0/24"}],
             "hosts": [{"name": "A", "links": [{"segment": "lan"}], "subnet": "172.17.0.0/24"}]}
            """
        let topology = try LoadedTopology(loading: SourceText(name: "t.json", text: text)).topology
        #expect(topology.declaration(forHost: 0).nextHops == nextHops)
    }

    @Test func `a route that says more than its gateway, or is in another table, stays plain`() {
        var odd = Self.routes(4, from: 1000)
        odd[0].table = 1000
        odd[1].kind = .blackhole
        odd[1].nextHop = Route.NextHop()
        odd[2].otherNextHops = [odd[1].nextHop]
        odd[3].nextHop.gateway = nil
        let plan = Self.plan(to: Self.routes(Self.many) + odd, on: Self.host())
        #expect(objects(made: plan).count == Self.many)
        let plain = plan.changes.filter { $0.identity.kind == "route" && $0.after?.nextHopObject == nil }
        #expect(Set(plain.map(\.identity)) == Set(odd.map { .route($0.identity) }))
    }

    @Test func `neither form of a declared route is a change`() {
        let routes = Self.routes(Self.many)
        let objects = Table((0..<Self.many).map(Self.object))
        let plain = Self.plan(from: routes, to: routes, on: Self.host(routes))
        let formed = Self.plan(from: routes, to: routes, on: Self.host(Self.byObjects(routes)) { $0.ours = objects })
        #expect(plain.changes.isEmpty && plain.unchanged == Self.many)
        #expect(formed.changes.isEmpty && formed.unchanged == Self.many)
    }

    @Test func `a number that another has is not taken, and its gateway does without`() {
        let routes = Self.routes(Self.many)
        let plan = Self.plan(to: routes, on: Self.host { $0.foreign = [Self.object(7).id] })
        #expect(objects(made: plan) == (0..<Self.many).filter { $0 != 7 }.map(Self.object))
        #expect(objects(removedBy: plan) == [])
        #expect(forms(plan).contains(nil))
    }

    @Test func `of one gateway on two links, one goes without`() {
        let twin = LinkName(known: "eth1")
        var others = Self.routes(Self.many, device: twin)
        for place in others.indices { others[place].metric = 7 }
        let plan = Self.plan(to: Self.routes(Self.many) + others, on: Self.host())
        #expect(objects(made: plan).count == Self.many)
        #expect(Set(objects(made: plan).map(\.id)).count == Self.many)
        for case .route(let route)? in plan.changes.map(\.after) {
            guard let id = route.form.object else { continue }
            #expect(objects(made: plan).contains { $0.id == id && $0.nextHop == route.nextHop })
        }
    }

    @Test func `what is there already is used, and idle objects of ours are made what is needed`() {
        var idle = Self.object(3)
        idle.isOnLink = false
        let observed = Self.host { $0.ours = Table([Self.object(0), idle]) }
        let plan = Self.plan(to: Self.routes(Self.many), on: observed)
        #expect(objects(made: plan) == (1..<Self.many).map(Self.object))
        #expect(plan.changes.first { $0.identity == .nextHop(idle.id) }?.before == .nextHop(idle))
        #expect(forms(plan).count == Self.many)
    }

    @Test func `objects go after the last route that goes by them, and not while another does`() {
        let routes = Self.routes(Self.many)
        var foreign = Self.byObjects(Self.routes(1, from: 5))[0]
        (foreign.destination, foreign.protocol) = (Sample.prefix(0x0b00_0000, 24), .boot)
        let observed = Self.host(Self.byObjects(routes) + [foreign]) { nextHops in
            nextHops.ours = Table((0..<Self.many).map(Self.object))
            nextHops.foreign = [1]
            nextHops.grouped = [Self.object(9).id]
        }
        let destroyed = Self.plan(from: routes, to: [], on: observed)
        let kept = [Self.object(5).id, Self.object(9).id]
        #expect(
            objects(removedBy: destroyed) == (0..<Self.many).map { Self.object($0).id }.filter { !kept.contains($0) })
        #expect(destroyed.changes.prefix(Self.many).allSatisfy { $0.before?.nextHopObject != nil })
        #expect(destroyed.changes.dropFirst(Self.many).allSatisfy { $0.isOfNextHop })

        let pruned = Self.plan(from: routes, to: Array(routes.dropFirst(2)), on: observed)
        #expect(objects(removedBy: pruned) == [Self.object(0).id, Self.object(1).id])
    }

    @Test func `what a run that died has left is collected by the next`() {
        let plan = Self.plan(to: [], on: Self.host { $0.ours = Table([Self.object(0)]) })
        #expect(objects(removedBy: plan) == [Self.object(0).id])
        #expect(plan.changes.count == 1)
    }

    @Test func `commands name the object instead of its gateway, and go back by it`() throws {
        let plan = Self.plan(to: Self.routes(Self.many), on: Self.host())
        let lines = plan.script.split(separator: "\n")
        #expect(lines[1] == "ip nexthop replace id 3232235521 via 192.168.0.1 dev eth0 proto 119 onlink")
        #expect(lines.last == "ip route add 10.1.255.0/24 nhid 3232236032 proto 119")
        #expect(plan.changes.last?.inverse.commands == ["ip route delete 10.1.255.0/24 nhid 3232236032 proto 119"])
        #expect(plan.changes.first?.inverse.commands == ["ip nexthop delete id 3232235521"])
        #expect(
            PlanText(plan).text == """
                host A
                  + nexthop   A/3232235521   via 192.168.0.1 dev eth0 proto 119 onlink
                              and 511 more like it, to A/3232236032 (-v shows them)
                  + route     A/10.0.0.0/24  via 192.168.0.1 dev eth0 proto 119 onlink
                              and 511 more like it, to A/10.1.255.0/24 (-v shows them)
                Plan: 1,024 to add, 0 to change, 0 to replace, 0 to remove, 0 unchanged.

                """)
    }

    @Test func `a plan with objects is read as it was written, and fits its schema`() throws {
        let plan = Self.plan(to: Self.routes(Self.many), on: Self.host())
        let read = try #require(Plan(json: plan.json))
        #expect(read.script == plan.script)
        #expect(read == plan)
        let verdicts = try SchemaValidation.verdicts(
            on: [plan.json.line], schema: Repository.root.appending(path: "schema/plan.schema.json"))
        #expect(verdicts == ["accepted"])
    }

    @Test func `a kept plan is stale once another's route would go with an object, or a route has another form`() {
        let routes = Self.routes(Self.many)
        let ours = Table((0..<Self.many).map(Self.object))
        let observed = Self.host(Self.byObjects(routes)) { $0.ours = ours }
        let plan = Self.plan(from: routes, to: [], on: observed)
        func reasons(_ now: HostState) -> [String] {
            plan.staleness(in: now, ledger: nil, witness: Witness(boot: nil, ledger: nil)).map { $0.text(on: "A") }
        }
        #expect(reasons(observed) == [])

        var foreign = Self.byObjects(Self.routes(1, from: 5))[0]
        (foreign.destination, foreign.protocol) = (Sample.prefix(0x0b00_0000, 24), .boot)
        let used = Self.host(Self.byObjects(routes) + [foreign]) { $0.ours = ours }
        #expect(reasons(used) == ["route A/11.0.0.0/24 would go with nexthop A/\(Self.object(5).id)"])

        let replaced = Self.host([routes[0]] + Self.byObjects(Array(routes.dropFirst()))) { $0.ours = ours }
        #expect(reasons(replaced) == ["route A/10.0.0.0/24 has changed"])
    }
}
