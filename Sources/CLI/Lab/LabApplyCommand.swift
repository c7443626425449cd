import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

struct LabApplyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Bring a lab that is up to another topology: hosts, containers and network models come and go.",
        discussion: "What stays is left alone. Example: weft lab apply demo topologies/flannel-vxlan.json"
    )

    @Argument(help: "The lab.")
    var lab: String

    @Argument(help: "The topology file; - for standard input.", completion: .file(extensions: ["json"]))
    var file: String

    func run() throws {
        let loaded = try LoadedFile(file)
        let record = try runningLab(lab)
        // The list of labs is out of sight from within one.
        let entry = try reporting { () throws(SystemError) in try LabRegistry.ofThisUser().entry(of: record) }
        try reporting { () throws(SystemError) in try Seclusion.join(process: record.process, processes: true) }
        let present = Lab(loaded.topology, source: loaded.source)
        try converging { () throws(ApplyError) in try present.apply(progress: Terminal.progress) }
        Terminal.endProgress()
        let updated = LabRecord(
            name: record.name, process: record.process, topology: loaded.topology.name, file: file,
            started: record.started, nodes: present.nodes)
        try reporting { () throws(SystemError) in try entry.rewrite(updated.json.line) }
        Terminal.print("lab \(lab) is as \(file) says\n")
    }
}
