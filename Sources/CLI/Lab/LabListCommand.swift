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
