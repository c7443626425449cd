import ArgumentParser
import Netlink
import NetnsHarness
import NetworkState

struct LabListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Tell which labs are up."
    )

    @Option(help: "How to print them.")
    var format = OutputFormat.text

    func run() throws {
        let records = try reporting { () throws(SystemError) in try LabRegistry.ofThisUser().list() }
        switch format {
        case .json: Terminal.print(JSON.array(records.map(\.json)).text)
        case .text:
            let lines = records.map { record in
                "\(record.name)  \(record.file)  \(record.nodes.count) nodes  since \(record.started)\n"
            }
            Terminal.print(lines.joined())
        }
    }
}

struct LabStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell what a lab consists of.",
        discussion: "Example: weft lab status demo"
    )

    @Argument(help: "The lab.")
    var lab: String

    @Option(help: "How to print it.")
    var format = OutputFormat.text

    func run() throws {
        let record = try runningLab(lab)
        switch format {
        case .json: Terminal.print(record.json.text)
        case .text: Terminal.print(text(record))
        }
    }

    private func text(_ record: LabRecord) -> String {
        let rows = record.nodes.map { node in
            [
                node["name"]?.string ?? "", node["kind"]?.string ?? "", node["host"]?.string ?? "",
                node["addresses"]?.array?.compactMap(\.string).joined(separator: " ") ?? "",
            ]
        }
        let head = "lab \(record.name): \(record.topology), from \(record.file), process \(record.process), "
        return head + "since \(record.started)\n" + Columns([["NODE", "KIND", "HOST", "ADDRESSES"]] + rows).text
    }
}
