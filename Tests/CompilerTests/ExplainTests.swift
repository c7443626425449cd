import Compiler
import Foundation
import NetworkState
import TestSupport
import Testing

/// What the model says, told as a story.
struct ExplainTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let topology: String
        var to = "B1"

        var testDescription: String { "\(topology)-A1-\(to)" }
    }

    private static let golden = Repository.tests.appending(path: "CompilerTests/Golden/stories")

    @Test(arguments: [
        Case(topology: "calico-two-hosts"), Case(topology: "calico-vxlan"), Case(topology: "calico-ipip"),
        Case(topology: "flannel-udp"), Case(topology: "flannel-vxlan", to: "A2"),
        Case(topology: "docker-nat", to: "web"),
    ])
    func `the story of a packet is told from the plan`(_ file: Case) throws {
        let topology = try load(TopologyFile(file.topology).source)
        let question = try #require(topology.sampledQuestions.first { $0.from == "A1" && $0.to == file.to })
        let story = topology.plannedNetwork.predict(question).story(in: topology)
        #expect(story.isAnswered)
        expectGolden(story.text, Self.golden.appending(path: "\(file.testDescription).txt"))
        let schema = Repository.root.appending(path: "schema/trace.schema.json")
        #expect(try SchemaValidation.verdicts(on: [story.json.line], schema: schema) == ["accepted"])
    }

    @Test func `a lost packet's story ends with who is to blame`() throws {
        let topology = try load(TopologyFile("calico-vxlan").source)
        let planned = topology.plannedNamespaces
        let sabotage = try #require(Sabotage.kinds.first { $0.target == "fdb " })
        var state = planned
        state.carryOut(try #require(sabotage.change(of: planned)))
        let question = try #require(topology.sampledQuestions.first { $0.from == "A1" && $0.to == "B1" })
        let prediction = topology.network(of: state).predict(question)
        let meant = topology.network(of: planned).predict(question)
        let story = prediction.story(
            in: topology, against: meant, prediction.culprits(against: meant, in: state, planned))
        expectGolden(story.text, Self.golden.appending(path: "calico-vxlan-A1-B1-lost.txt"))
    }
}
