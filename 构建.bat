@echo off
chcp 65001 >nul
cd /d "%~dp0"
py -3 --version >nul 2>&1
if not errorlevel 1 (set "PY=py -3") else (set "PY=python")
%PY% --version >nul 2>&1
if errorlevel 1 goto missing
%PY% dev.py build %*
goto end
:missing
echo 请先安装 Python 3.11 或更新版本（安装时勾选 Add python.exe to PATH），再双击一次。
:end
pause
