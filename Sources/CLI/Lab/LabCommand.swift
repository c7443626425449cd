import ArgumentParser

struct LabCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Topologies at work in network namespaces of this machine.",
        discussion: "Works as root and as an ordinary user. Example: weft lab up topologies/calico-two-hosts.json",
        subcommands: [
            LabUpCommand.self, LabApplyCommand.self, LabExecCommand.self, LabShellCommand.self, LabStatusCommand.self,
            LabListCommand.self, LabCaptureCommand.self, LabImpairCommand.self,
            LabDownCommand.self, LabGCCommand.self, LabHoldCommand.self, LabAdoptCommand.self,
            LabAttendCommand.self,
        ]
    )
}
