"""Every object against the strict schemas of the oldest and the newest Kubernetes that kubernetes-validate has."""

import unittest

import kubernetes_validate

import manifests

VERSIONS = (kubernetes_validate.utils.all_versions()[0], kubernetes_validate.utils.latest_version())


class SchemaTest(unittest.TestCase):
    def expect_valid(self, objects):
        for version in VERSIONS:
            for thing in objects:
                with self.subTest(version=version, object=manifests.label(thing)):
                    kubernetes_validate.validate(thing, version, strict=True)

    def test_everything_rendered_is_valid(self):
        for folder in manifests.FOLDERS:
            objects = manifests.render(folder)
            self.assertGreaterEqual(len(objects), 7)
            self.expect_valid(objects)

    def expect_refused(self, change, where):
        objects = manifests.render("base")
        change(manifests.server(objects))
        for version in VERSIONS:
            with self.assertRaises(kubernetes_validate.ValidationError) as caught:
                kubernetes_validate.validate(manifests.server(objects), version, strict=True)
            self.assertIn(where, caught.exception.message)

    def test_an_unknown_field_is_refused(self):
        def misspell(server):
            manifests.container(server)["readynessProbe"] = manifests.container(server).pop("readinessProbe")
        self.expect_refused(misspell, "readynessProbe")

    def test_a_wrong_type_is_refused(self):
        def quote(server):
            server["spec"]["replicas"] = "one"
        self.expect_refused(quote, "'one' is not of type")

    def test_a_missing_field_is_refused(self):
        def forget(server):
            del server["spec"]["selector"]
        self.expect_refused(forget, "'selector' is a required property")


if __name__ == "__main__":
    unittest.main()
