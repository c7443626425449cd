import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// `weft bench models`, for a moment: what it lists, draws, refuses and leaves behind.
@Suite(.namespaces)
struct BenchTests {
    private func bench(_ arguments: String...) throws -> Finished {
        try run([Weft.path, "bench", "models", "--seconds", "0.02", "--repeats", "1"] + arguments)
    }

    @Test func `every profile is listed, with figures or with the reason why not`() throws {
        let plot = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).svg")
        defer { try? FileManager.default.removeItem(at: plot) }
        let finished = try bench("--format", "json", "--svg", plot.path)
        #expect(finished.status == 0, "\(finished.errors)")
        let models = try #require(try JSON(parsing: finished.output)["models"]?.array)
        #expect(
            models.compactMap { $0["name"]?.string } == [
                "host to host", "calico", "calico-ipip", "calico-vxlan", "flannel-host-gw", "flannel-vxlan",
                "flannel-udp", "docker-nat",
            ])
        for model in models {
            #expect((model["metrics"] == nil) == (model["unavailable"]?.string?.isEmpty == false), "\(model.line)")
        }
        #expect(models[0]["metrics"] != nil && models[1]["metrics"] != nil)
        #expect(try String(contentsOf: plot, encoding: .utf8).hasPrefix("<svg "))
    }

    @Test func `of chosen models only those are measured, and the one that they are compared with`() throws {
        let finished = try bench("--models", "calico-ipip")
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(finished.lines.contains { $0.hasPrefix("calico ") })
        #expect(finished.output.contains("calico-ipip"))
        #expect(!finished.output.contains("flannel-host-gw"))
    }

    @Test(arguments: [
        (["--models", "calcio"], "did you mean 'calico'"), (["--seconds", "0"], "0.01 to 60"),
        (["--repeats", "0"], "1 to 1000"), (["--format", "yaml"], "markdown"),
    ])
    func `what it cannot do is said at once`(_ arguments: [String], _ hint: String) throws {
        let finished = try run([Weft.path, "bench", "models"] + arguments)
        #expect(finished.status == 64)
        #expect(finished.errors.contains(hint), "\(finished.errors)")
    }

    @Test func `nothing stays behind`() throws {
        let machine = try Machine()
        let before = try machine.dump() + machine.mounts
        let finished = try machine.weft("bench", "models", "--seconds", "0.01", "--repeats", "1", "--models", "calico")
        #expect(finished.status == 0, "\(finished.errors)")
        try expectSame(machine.dump() + machine.mounts, before)
    }
}
