import Applier
import Foundation
import TestSupport
import Testing

/// Topologies of a model that this kernel cannot carry out.
@Suite(.namespaces, .enabled(if: !ThisKernel.has(.ipip), "this kernel has ipip"))
struct LackingKernelTests {
    @Test(arguments: ["plan", "apply"])
    func `a kernel without the tunnel is told so before anything is touched`(_ command: String) throws {
        let machine = try Machine()
        let before = try machine.dump()
        let finished = try machine.weft(command, "-", "--host", "A", input: tunnelled())
        #expect(finished.status == 10)
        #expect(finished.output.isEmpty)
        #expect(
            finished.errors.contains("this kernel has no ipip, needed for encapsulation ipip"), "\(finished.errors)")
        #expect(finished.errors.contains("modprobe ipip"))
        try expectSame(machine.dump(), before)
        #expect(try machine.namespaces.isEmpty)
    }

    @Test func `weft lab up tells it by the same exit code`() throws {
        let finished = try Weft.run("lab", "up", "-", "--name", "tunnelled", input: try tunnelled())
        #expect(finished.status == 10, "\(finished.errors)")
        #expect(finished.errors.contains("this kernel has no ipip"))
        #expect(try !Weft.run("lab", "list").output.contains("tunnelled"))
    }

    @Test func `weft test leaves out what cannot be built, says so, and proves the rest`() throws {
        let alone = try Weft.run("test", "-", input: try tunnelled())
        #expect(alone.status == 3, "\(alone.errors)")
        #expect(alone.output.contains("this kernel has no ipip"))
        let other = TopologyFile("calico-two-hosts").url.path
        let both = try Weft.run("test", "-", other, input: try tunnelled())
        #expect(both.status == 0, "\(both.errors)")
        #expect(both.output.contains("skipped 60: this kernel has no ipip"))
        #expect(both.output.contains("12 of 12 container pairs"))
        #expect(try Weft.run("test", "-", other, "--strict-skip", input: try tunnelled()).status == 1)
    }

    private func tunnelled() throws -> String {
        let plain = try TopologyFile("calico-two-hosts").text
        return plain.replacing(#""profile": "calico""#, with: #""profile": "calico-ipip""#)
    }
}
