import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

@testable import Compiler

/// How a plan reads.
struct PlanTextTests {
    private static let golden = Repository.tests.appending(path: "CompilerTests/Golden/plans")

    private func offlinePlan(_ text: String) throws -> Plan {
        CompiledHost(try load(SourceText(name: "t.json", text: text)), host: 0, source: nil).offlinePlan
    }

    private func lines(_ plan: Plan, isVerbose: Bool = false) -> [Substring] {
        PlanText(plan, isVerbose: isVerbose).text.split(separator: "\n")
    }

    @Test func `what a replacement takes is told with it, and each thing by itself where that is asked for`() {
        expectGolden(PlanText(Sample.replacing).text, Self.golden.appending(path: "replacement.txt"))
        expectGolden(
            PlanText(Sample.replacing, isVerbose: true).text, Self.golden.appending(path: "replacement.verbose.txt"))
    }

    @Test func `conflicts and links that are missing are told`() {
        expectGolden(PlanText(Sample.conflicting).text, Self.golden.appending(path: "conflict.txt"))
    }

    @Test func `a small plan has a line for each change`() throws {
        let file = TopologyFile("calico-two-hosts")
        let plan = try offlinePlan(file.text)
        #expect(lines(plan).count == plan.changes.count + 2)
        #expect(lines(plan) == lines(plan, isVerbose: true))
    }

    @Test func `a hundred containers and a thousand routes are read at a glance`() throws {
        let plan = try offlinePlan(
            """
            {"version": 1, "network": {"profile": "calico", "pools": [{"subnet": "10.0.0.0/8", "block": 24}]},
             "segments": [{"name": "lan", "subnet": "172.16.0.0/20"}],
             "hosts": [{"name": "a", "links": [{"segment": "lan"}], "containers": 100},
                       {"name": "h{1..1000}", "links": [{"segment": "lan"}], "containers": 1}]}
            """)
        #expect(plan.changes.count > 2_000)
        #expect(lines(plan).count < 40)
        #expect(lines(plan).contains { $0.contains("and 999 more like it, to a/10.") })
        #expect(lines(plan, isVerbose: true).count == plan.changes.count + 2)
        #expect(lines(plan).last == lines(plan, isVerbose: true).last)
    }

    @Test(arguments: [5, 6])
    func `more than five that are alike are one line and a number`(_ count: Int) {
        let routes = (1...count).map { Resource.route(Route(Sample.prefix(UInt32($0) << 24, 24), kind: .blackhole)) }
        let plan = Sample.plan(from: [], and: [], to: routes)
        #expect(lines(plan).count == (count == 5 ? 7 : 4))
        #expect(
            lines(plan).contains { $0.contains("and 5 more like it, to A/6.0.0.0/24 (-v shows them)") } == (count == 6))
    }

    @Test func `what differs in more than names and addresses is not taken for alike`() {
        let routes = (1...12).map { number in
            var route = Route(Sample.prefix(UInt32(number) << 24, 24), kind: .blackhole)
            if number > 6 { route.metric = 7 }
            return Resource.route(route)
        }
        let odd = Resource.route(Route(Sample.prefix(0x6400_0000, 8), kind: .blackhole))
        let plan = Sample.plan(from: [], and: [], to: routes + [odd])
        #expect(lines(plan).filter { $0.contains("and 5 more like it") }.count == 2)
        #expect(lines(plan).count == 7)
    }

    @Test func `what goes and comes back is told with what it goes for, and never with another of its like`() {
        for plan in (1...100).flatMap({ RandomPlans.of(seed: $0) }) {
            let shown = Set(plan.told.map(\.place))
            for change in plan.changes where !change.takes.isEmpty {
                #expect(shown.contains(change.place), "\(change.name(on: "h0"))")
            }
            for change in plan.toldInFull where change.comesBack && !shown.contains(change.place) {
                let takers = plan.changes.filter { $0.takes.contains { $0.place == change.place } }
                #expect(takers.count == 1)
            }
        }
    }

    @Test func `what something foreign would go with has a line of its own`() {
        let links = (1...8).map { number in
            Resource.link(Link(name: LinkName(known: "br\(number)"), kind: .bridge, mtu: 1500, isUp: true))
        }
        let neighbour = Resource.neighbour(
            Neighbour(IPAddress(v4: 0xac11_0909), device: LinkName(known: "br3"), linkLayerAddress: Sample.mac(9)))
        let plan = Sample.plan(from: links, and: [neighbour], to: [])
        #expect(lines(plan).contains { $0.contains("and 6 more like it") })
        #expect(
            lines(plan).contains {
                $0.hasPrefix("  - link      A/br3 ") && $0.contains("(takes 1 neighbour with it, 1 of them foreign)")
            })
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func `the text of a plan that was read back is the text of the plan`(_ seed: UInt64) throws {
        let plans =
            RandomPlans.of(seed: seed) + (seed == 1 ? [Sample.conflicting, Sample.replacing, Sample.whole] : [])
        for plan in plans {
            let read = try #require(Plan(json: try JSON(parsing: plan.json.text)))
            #expect(read == plan)
            expectSameLines(PlanText(read).text, PlanText(plan).text)
            expectSameLines(PlanText(read, isVerbose: true).text, PlanText(plan, isVerbose: true).text)
        }
    }

    @Test(arguments: TopologyFile.all)
    func `the text of a topology's plan is that of its JSON`(_ file: TopologyFile) throws {
        let source = try file.source
        let plan = CompiledHost(try load(source), host: 0, source: source).offlinePlan
        let text = PlanText(try #require(Plan(json: try JSON(parsing: plan.json.text)))).text
        expectGolden(text, Self.golden.appending(path: "\(file.name).plan.txt"))
    }
}
