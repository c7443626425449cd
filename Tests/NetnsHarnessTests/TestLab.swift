import Compiler
import Foundation
import Netlink
import NetnsHarness
import NetworkState
import TestSupport
import Testing

/// Labs for tests: each in a directory of its own, so that several can be up in one process.
enum TestLab {
    /// Has the topology at work while `body` runs.
    static func with(_ file: TopologyFile, mayPin: Bool = true, _ body: (Lab) throws -> Void) throws {
        try with(file.source, mayPin: mayPin, body)
    }

    static func with(_ source: SourceText, mayPin: Bool = true, _ body: (Lab) throws -> Void) throws {
        let folder = "/run/weft-\(UUID().uuidString)"
        let lab = Lab(
            try load(source), source: source, directory: NetnsDirectory("\(folder)/netns"),
            stateDirectory: "\(folder)/state", program: Weft.path)
        defer { try? lab.down() }
        try lab.up(mayPin: mayPin)
        try body(lab)
    }
}

extension Lab {
    /// Sends probes between nodes of this lab, all of which must be answered.
    func expectAnswers(to probes: [Probe], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let names = Set(probes.flatMap { [$0.from, $0.to] })
        let nodes = nodes.filter { names.contains($0.name) }.map { ProbeNode(name: $0.name, addresses: $0.addresses) }
        let namespaces = try directory.hold(nodes.map(\.name))
        let outcomes = try withExtendedLifetime(namespaces) {
            try Prober(nodes: nodes, namespaces: namespaces.descriptors).run(probes)
        }
        for outcome in outcomes where !outcome.isReachable {
            Issue.record("\(outcome.probe): \(outcome.cause ?? "")", sourceLocation: sourceLocation)
        }
    }

    /// Every pair of containers, by ICMP, TCP and UDP.
    func expectProven(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let report = try TopologyTest(self).run()
        #expect(report.failed == 0, "\(report.text())", sourceLocation: sourceLocation)
        #expect(report.passed > 0, sourceLocation: sourceLocation)
    }

    /// Has every two of `nodes` send a thousand packets a second to each other while `body` runs, all of which must be
    /// answered.
    func expectNoLoss(
        between names: [String], sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) throws {
        for (number, tally) in try tallies(between: names, for: .zero, during: body).enumerated() where tally.lost > 0 {
            Issue.record(
                "way \(number) between \(names): \(tally.lost) of \(tally.sent) packets lost",
                sourceLocation: sourceLocation)
        }
    }

    /// What comes of a thousand packets a second between every two of `names`, for some time and while `body` runs.
    func tallies(
        between names: [String], for time: Duration = .milliseconds(500), during body: () throws -> Void
    ) throws -> [PacketStream.Tally] {
        let members = nodes.filter { names.contains($0.name) }
        let namespaces = try directory.hold(members.map(\.name))
        let ways = members.indices.flatMap { from in
            members.indices.filter { $0 != from }.flatMap { to in
                members[to].addresses.map { PacketStream.Way(from: from, to: $0) }
            }
        }
        return try withExtendedLifetime(namespaces) {
            try PacketStream.run(ways, in: namespaces.descriptors) { stream in
                #expect(eventually { ways.indices.allSatisfy { stream.firstAnswer(on: $0) != nil } })
                let end = MonotonicTime.now + time
                try body()
                #expect(eventually { MonotonicTime.now > end })
            }
        }
    }

    /// Runs a program in the namespace of one of its nodes.
    @discardableResult
    func run(in node: String, _ arguments: String..., input: String = "") throws -> Finished {
        try TestSupport.run(["nsenter", "--net=\(directory.file(of: node))", "--"] + arguments, input: input)
    }

    /// Runs a shell script there, which must succeed.
    func script(in node: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let finished = try run(in: node, "bash", "-eu", input: text)
        try #require(finished.status == 0, "\(finished.errors)in:\n\(text)", sourceLocation: sourceLocation)
    }
}
