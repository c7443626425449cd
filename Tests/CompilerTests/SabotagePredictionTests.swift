import Compiler
import NetworkState
import TestSupport
import Testing

/// What becomes of packets where one thing is not as planned, and which thing that is.
struct SabotagePredictionTests {
    @Test func `there are at least thirty kinds of sabotage`() {
        #expect(Set(Sabotage.kinds.map(\.description)).count >= 30)
    }

    @Test(arguments: Sabotage.kinds)
    func `a sabotage's consequence is predicted, with who is to blame`(_ sabotage: Sabotage) throws {
        let topology = try load(TopologyFile(sabotage.topology).source)
        let planned = topology.plannedNamespaces
        let change = try #require(sabotage.change(of: planned), "nothing there that could be sabotaged")
        var state = planned
        state.carryOut(change)
        let question = try #require(
            topology.sampledQuestions.first { $0.from == sabotage.from && $0.to == sabotage.to })
        let meant = topology.network(of: planned).predict(question)
        #expect(meant.isAnswered, "before: \(meant.ending)")
        let prediction = topology.network(of: state).predict(question)
        #expect(prediction.ending.disposition == sabotage.disposition, "\(prediction.ending)")
        #expect(prediction.ending.node == sabotage.place, "\(prediction.ending)")
        if prediction.isAnswered { return }
        let culprits = prediction.culprits(against: meant, in: state, planned)
        let expected = Change(in: .own, from: change.after, to: change.before)
        #expect(culprits.first?.node == sabotage.node, "\(culprits.map(\.text))")
        #expect(culprits.first?.change == expected, "\(culprits.map(\.text))")
    }
}
