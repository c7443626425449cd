import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

struct LabStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell what a lab consists of, how its links are, and whether its hosts are as its topology says.",
        discussion: "What is not as declared, weft plan --lab tells in full. Example: weft lab status demo"
    )

    @Argument(help: "The lab.")
    var lab: String

    @Flag(name: .customLong("exit-code"), help: "Exit with 2 if a host is not as its topology says.")
    var exitCode = false

    @Option(help: "How to print it.")
    var format = OutputFormat.text

    func run() throws {
        let record = try runningLab(lab)
        let lab = try standingLab(record)
        let status = try converging { () throws(ApplyError) in try lab.status(progress: Terminal.progress) }
        Terminal.endProgress()
        let description = LabDescription(record: record, status: status, wires: lab.topology.wires)
        switch format {
        case .json: Terminal.print(description.json.text)
        case .text: Terminal.print(description.text)
        }
        if exitCode && !status.isAsDeclared { throw CommandOutcome.changed.exitCode }
    }
}

/// What `weft lab status` has found, for people and for programs.
struct LabDescription {
    let record: LabRecord
    let status: LabStatus
    let wires: [Wire]

    var text: String {
        let head = "lab \(record.name): \(record.topology), from \(record.file), process \(record.process), "
        return head + "since \(record.started)\n" + nodeTable + "\n" + linkTable
    }

    private var nodeTable: String {
        let rows = status.nodes.map { found in
            [
                found.node.name, found.node.json["kind"]?.string ?? "", found.node.json["host"]?.string ?? "",
                found.node.addresses.map(\.description).joined(separator: " "), found.host?.text ?? "",
            ]
        }
        return Columns([["NODE", "KIND", "HOST", "ADDRESSES", "STATE"]] + rows).text
    }

    private var linkTable: String {
        let peers = peers
        let rows = status.nodes.flatMap { found in
            found.links.map { link in
                let name = "\(found.node.name):\(link.name)"
                return [name, link.kind, peers[name] ?? "", link.text]
            }
        }
        return Columns([["LINK", "KIND", "OTHER END", "STATE"]] + rows).text
    }

    var json: JSON {
        var members = record.json.object ?? [:]
        let peers = peers
        members["nodes"] = .array(status.nodes.map { json($0, peers) })
        return .object(members)
    }

    private func json(_ found: LabStatus.Node, _ peers: [String: String]) -> JSON {
        var members = found.node.json.object ?? [:]
        members["links"] = .array(found.links.map { $0.json(peer: peers["\(found.node.name):\($0.name)"]) })
        switch found.host {
        case .applied(let drift): members["drift"] = .integer(Int64(drift))
        case .bare: members["drift"] = .null
        case nil: break
        }
        return .object(members)
    }

    /// By a link, the one at the other end of its wire.
    private var peers: [String: String] {
        let pairs = wires.flatMap { [($0.ends[0], $0.ends[1]), ($0.ends[1], $0.ends[0])] }
        return Dictionary(pairs.map { ($0.description, $1.description) }, uniquingKeysWith: { $1 })
    }
}

extension LinkState {
    fileprivate func json(peer: String?) -> JSON {
        .members([
            "name": .string(name.text), "kind": .string(kind), "up": .bool(isUp), "carrier": .bool(hasCarrier),
            "peer": peer.map { .string($0) }, "impairment": impairment?.json,
        ])
    }
}
