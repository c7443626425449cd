import NetworkState
import TestSupport
import Testing

@testable import Compiler

/// Laws that hold for any topologies, against a model of what a kernel does by itself.
struct PlannerLawTests {
    private static let seeds: [UInt64] = Array(1...200)

    /// Plans `topology` for its first host on `kernel`, carries it out, and gives the ledger that it leaves.
    private func apply(_ topology: ValidTopology?, to kernel: inout ModelKernel, ledger: Ledger?) -> (Plan, Ledger) {
        let plan = plan(
            topology?.declaration(forHost: 0) ?? Declaration(), topology: "random", host: "h0",
            observed: kernel.state, ledger: ledger)
        kernel.execute(plan)
        return (plan, plan.ledger)
    }

    @Test(arguments: seeds)
    func `planning again after execution gives an empty plan`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let topology = ValidTopology.random(using: &generator)
        var kernel = ModelKernel()
        let (_, ledger) = apply(topology, to: &kernel, ledger: Ledger(topology: "random", host: "h0"))
        let before = kernel
        let (again, ledgerAgain) = apply(topology, to: &kernel, ledger: ledger)
        #expect(again.changes.isEmpty)
        #expect(kernel == before)
        #expect(ledgerAgain == ledger)
    }

    @Test(arguments: seeds)
    func `destroying leaves what was there before`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var kernel = ModelKernel()
        kernel.state.insert(.sysctl(Sysctl("net/ipv4/conf/eth0/forwarding", "1")), in: .own)
        kernel.state.insert(.sysctl(Sysctl("net/ipv6/conf/eth0/forwarding", "1")), in: .own)
        let start = kernel
        var ledger = Ledger(topology: "random", host: "h0")
        for _ in 0..<3 { (_, ledger) = apply(.random(using: &generator), to: &kernel, ledger: ledger) }
        (_, ledger) = apply(nil, to: &kernel, ledger: ledger)
        #expect(kernel == start)
        #expect(ledger.isEmpty)
    }

    @Test(arguments: seeds)
    func `where one came from does not matter`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let (first, second) = (
            ValidTopology.random(using: &generator), ValidTopology.random(using: &generator)
        )
        var (there, straight) = (ModelKernel(), ModelKernel())
        let (_, ledger) = apply(first, to: &there, ledger: Ledger(topology: "random", host: "h0"))
        let (_, viaFirst) = apply(second, to: &there, ledger: ledger)
        let (_, direct) = apply(second, to: &straight, ledger: Ledger(topology: "random", host: "h0"))
        expectSameLines(there.state.json.text, straight.state.json.text)
        expectSameLines(viaFirst.json.text, direct.json.text)
    }

    /// The ledger of a run that dies is both what was and what was to be.
    @Test(arguments: seeds.prefix(10) + [58])
    func `a run that dies after any change is finished by the next, or undone`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var kernel = ModelKernel()
        kernel.state.insert(.sysctl(Sysctl("net/ipv4/conf/eth0/forwarding", "1")), in: .own)
        kernel.state.insert(.sysctl(Sysctl("net/ipv6/conf/eth0/forwarding", "1")), in: .own)
        let start = kernel
        let (_, before) = apply(.random(using: &generator), to: &kernel, ledger: nil)
        for goal in [ValidTopology.random(using: &generator), nil] {
            var finished = kernel
            let (plan, ledger) = apply(goal, to: &finished, ledger: before)
            var cut = kernel
            for change in plan.changes {
                cut.execute(change)
                var (mended, cleared) = (cut, cut)
                let (_, after) = apply(goal, to: &mended, ledger: before.union(ledger))
                let (_, nothing) = apply(nil, to: &cleared, ledger: before.union(ledger))
                if mended == finished && after == ledger && cleared == start && nothing.isEmpty { continue }
                expectSameLines(mended.state.json.text, finished.state.json.text, "after \(change.commands)")
                expectSameLines(after.json.text, ledger.json.text, "after \(change.commands)")
                expectSameLines(cleared.state.json.text, start.state.json.text, "after \(change.commands)")
                #expect(nothing.isEmpty)
                return
            }
        }
    }

    @Test(arguments: seeds)
    func `what is foreign stays, whatever comes and goes`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let foreign = Resource.route(
            Route(try #require(IPPrefix(parsing: "203.0.113.0/24")), device: LinkName(known: "eth0"), protocol: .boot))
        var kernel = ModelKernel()
        kernel.state.insert(foreign, in: .own)
        var ledger = Ledger(topology: "random", host: "h0")
        for topology in [ValidTopology.random(using: &generator), .random(using: &generator), nil] {
            (_, ledger) = apply(topology, to: &kernel, ledger: ledger)
            #expect(kernel.state[.own, foreign.identity] == foreign)
        }
    }

    @Test(arguments: seeds)
    func `what goes with something else and is declared comes back, and what goes unasked is told`(_ seed: UInt64) {
        for (plan, kernel) in RandomPlans.steps(seed: seed) {
            let returning = Set(plan.changes.filter { $0.action == .add }.map(\.place))
            let removed = Set(plan.changes.filter { $0.action == .remove }.map(\.place))
            let taken = Set(plan.changes.flatMap(\.takes).map(\.place))
            for place in taken where plan.ledger.entries[place.netns, place.identity] != nil {
                #expect(returning.contains(place), "\(place.kindAndName(on: "h0"))")
            }
            for (netns, state) in kernel.before.sortedNamespaces {
                for resource in state.lasting where kernel.after[netns, resource.identity] == nil {
                    let place = ResourcePlace(resource.identity, in: netns)
                    let comesWithNetns = resource.isMadeByKernel && kernel.after.namespaces[netns] == nil
                    #expect(
                        removed.contains(place) || taken.contains(place) || comesWithNetns,
                        "\(place.kindAndName(on: "h0")) goes untold")
                }
            }
        }
    }

    @Test(arguments: seeds)
    func `a plan survives its JSON`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var kernel = ModelKernel()
        let (first, ledger) = apply(.random(using: &generator), to: &kernel, ledger: nil)
        let (second, _) = apply(.random(using: &generator), to: &kernel, ledger: ledger)
        for plan in [first, second] {
            let read = try #require(Plan(json: plan.json))
            #expect(read == plan)
            #expect(read.json == plan.json)
        }
    }
}
