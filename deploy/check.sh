#!/bin/bash
# Checks of deploy/ with the tools of its kinds. What is not installed is built with Go when Go is there, and else said to be missing: then it was NOT checked.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
tools=${TOOLS_DIR:-build/tools}
mkdir -p "$tools"
export PATH=$PWD/$tools:$PATH GOBIN=$PWD/$tools
failed=0
missing=0

# have TOOL [GO-PACKAGE]
have() {
	command -v "$1" >/dev/null && return 0
	if [ -n "${2:-}" ] && command -v go >/dev/null && go install "$2" >/dev/null 2>&1; then return 0; fi
	echo "missing  $1: not checked"
	missing=$((missing + 1))
	return 1
}

run() {
	local name=$1 said
	shift
	if said=$("$@" 2>&1); then
		echo "ok       $name"
	else
		echo "FAILED   $name"
		head -n 30 <<<"$said"
		failed=$((failed + 1))
	fi
}

chart=deploy/helm/restaurant-ai
render() {
	case $1 in
	restaurant-ai) helm template restaurant-ai $chart --kube-version 1.32.0 --set secret.existing=restaurant-ai ;;
	restaurant-ai.prod) helm template restaurant-ai $chart --kube-version 1.32.0 -f $chart/values.prod.yaml ;;
	esac
}
golden() { render "$1" | diff -u "deploy/k8s/$1.yaml" -; }
refuses_latest() { ! helm template x $chart --kube-version 1.32.0 --set image.tag=latest; }
rules_are_the_charts() { cmp deploy/prometheus/rules.yml $chart/files/rules.yml; }
score() {
	kube-score score --ignore-test container-image-pull-policy,container-security-context-user-group-id,pod-networkpolicy deploy/k8s/restaurant-ai.prod.yaml --output-format ci |
		{ ! grep '^\[CRITICAL\]'; }
}

if [ "${1:-}" = render ]; then
	for name in restaurant-ai restaurant-ai.prod; do render $name >deploy/k8s/$name.yaml; done
	cp deploy/prometheus/rules.yml $chart/files/rules.yml
	exit
fi

run "chart has the alerts of deploy/prometheus" rules_are_the_charts
if have promtool; then
	run "promtool check rules" promtool check rules deploy/prometheus/rules.yml
	run "promtool test rules" promtool test rules deploy/prometheus/rules_test.yml
	run "promtool check config" promtool check config deploy/prometheus/prometheus.yml
fi
if have helm helm.sh/helm/v3/cmd/helm@v3.16.4; then
	run "helm lint" helm lint --strict --kube-version 1.32.0 $chart
	run "helm lint, production" helm lint --strict --kube-version 1.32.0 $chart -f $chart/values.prod.yaml
	run "rendered manifests are those of deploy/k8s" golden restaurant-ai
	run "rendered manifests, production" golden restaurant-ai.prod
	run "the values' schema refuses the tag latest" refuses_latest
fi
if [ -n "${K8S_SCHEMAS:-}" ] && have kubeconform github.com/yannh/kubeconform/cmd/kubeconform@v0.6.7; then
	run "kubeconform" kubeconform -strict -skip ScaledObject,PodMonitor,ServiceMonitor,PrometheusRule -schema-location "$K8S_SCHEMAS/{{.ResourceKind}}{{.KindSuffix}}.json" deploy/k8s/*.yaml
else
	echo "missing  K8S_SCHEMAS (a folder of Kubernetes' JSON schemas): kubeconform not run"
	missing=$((missing + 1))
fi
! have kube-score github.com/zegl/kube-score/cmd/kube-score@v1.20.0 || run "kube-score: nothing critical" score
! have actionlint github.com/rhysd/actionlint/cmd/actionlint@v1.7.7 || run "actionlint" actionlint .github/workflows/*.yml
echo "$failed failed, $missing not checked"
[ $failed = 0 ]
